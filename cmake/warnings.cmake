# Warnings for our own targets; errors in dev builds.
function(skillit_warnings target)
  set(warnings -Wall -Wextra -Wshadow -Wnon-virtual-dtor
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # g++ 12 reports it for every "literal" + std::string at -O3, wrongly.
    $<$<BOOL:${SKILLIT_DEV}>:-Werror>)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${warnings}>)
endfunction()
