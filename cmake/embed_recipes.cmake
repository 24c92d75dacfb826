# Compiles the files of recipes/ into `target` as builtin_recipes() (skillit/run/recipe.h), so that
# `skillit run lego` works with no file at hand.
function(embed_recipes target)
  file(GLOB recipes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/recipes/*.yaml)
  set(entries "")
  foreach(recipe IN LISTS recipes)
    get_filename_component(name ${recipe} NAME_WE)
    file(READ ${recipe} text)
    string(APPEND entries "      {\"${name}\", R\"recipe(${text})recipe\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${recipe})
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/builtin_recipes.cpp)
  file(CONFIGURE OUTPUT ${output} CONTENT "// Made from recipes/*.yaml by cmake/embed_recipes.cmake.
#include \"skillit/run/recipe.h\"

namespace skillit {

const std::vector<BuiltinRecipe>& builtin_recipes() {
  static const std::vector<BuiltinRecipe> recipes{
@entries@  };
  return recipes;
}

}  // namespace skillit
" @ONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
