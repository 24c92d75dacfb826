# libtorch (>= 2.9) from the torch wheel: its CMake package, found inside .venv or the python3 on PATH, gives
# the target `torch` with headers, flags and libraries.
if(NOT Torch_DIR)
  set(torch_python ${PROJECT_SOURCE_DIR}/.venv/bin/python3)
  if(NOT EXISTS ${torch_python})
    set(torch_python python3)
  endif()
  execute_process(  # Where the wheel lies, without the seconds that importing it takes.
    COMMAND ${torch_python} -c
      "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
    OUTPUT_VARIABLE torch_folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE torch_missing)
  if(torch_missing)
    message(FATAL_ERROR "skillit: ${torch_python} has no torch; run 'make setup', or set Torch_DIR, "
      "or configure with -DSKILLIT_TRAIN=OFF for the library without training")
  endif()
  set(Torch_DIR ${torch_folder}/share/cmake/Torch)
endif()
find_package(Torch 2.9 REQUIRED)
