# embed_text(TARGET FILE FUNCTION): compiles a text file into TARGET as
#   std::string_view FUNCTION();     FUNCTION with its namespaces, as in skillit::detail::graph_page
# An empty FILE gives an empty text.
function(embed_text target file function)
  set(text "")
  if(file)
    file(READ ${file} text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endif()
  string(REGEX MATCH "^(.*)::([^:]*)$" matched ${function})
  set(namespace ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_text.cpp)
  file(CONFIGURE OUTPUT ${output} CONTENT "// Made by cmake/embed_text.cmake.
#include <string_view>

namespace @namespace@ {

std::string_view @name@();
std::string_view @name@() {
  return R\"embedded_text(@text@)embedded_text\";
}

}  // namespace @namespace@
" @ONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
