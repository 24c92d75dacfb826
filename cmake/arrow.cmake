# Parquet and Arrow files are read by a module of its own, libskillit_parquet, which the library opens when it meets
# one. It is built where Arrow C++ is at hand: headers and libraries of the pyarrow wheel in .venv (scripts/setup.sh
# parquet), or ARROW_ROOT. Without it such files are refused with that advice.
set(SKILLIT_PARQUET_MODULE_NAME libskillit_parquet.so)
set(skillit_parquet_installed ${CMAKE_INSTALL_FULL_LIBDIR}/skillit/${SKILLIT_PARQUET_MODULE_NAME})
set(skillit_parquet_built ${PROJECT_BINARY_DIR}/${SKILLIT_PARQUET_MODULE_NAME})
set_property(SOURCE skillit/data/parquet_records.cpp APPEND PROPERTY COMPILE_DEFINITIONS
  SKILLIT_PARQUET_BUILT="${skillit_parquet_built}" SKILLIT_PARQUET_INSTALLED="${skillit_parquet_installed}")

file(GLOB skillit_wheels ${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/pyarrow)
set(arrow_hints ${ARROW_ROOT} ${skillit_wheels})
find_path(ARROW_INCLUDE_DIR parquet/arrow/reader.h HINTS ${arrow_hints} PATH_SUFFIXES include NO_CMAKE_FIND_ROOT_PATH)
# The wheel's libraries carry their version behind the ending, so that find_library() does not see them.
foreach(hint IN LISTS arrow_hints)
  file(GLOB found_arrow ${hint}/libarrow.so* ${hint}/lib/libarrow.so*)
  file(GLOB found_parquet ${hint}/libparquet.so* ${hint}/lib/libparquet.so*)
  list(APPEND arrow_libraries ${found_arrow})
  list(APPEND parquet_libraries ${found_parquet})
endforeach()
if(NOT ARROW_INCLUDE_DIR OR NOT arrow_libraries OR NOT parquet_libraries OR SKILLIT_SANITIZE)
  message(STATUS "skillit: no Arrow C++: without Parquet and Arrow files")
  return()
endif()
list(GET arrow_libraries 0 arrow_library)
list(GET parquet_libraries 0 parquet_library)
message(STATUS "skillit: Arrow C++: ${arrow_library}")

add_library(skillit_parquet MODULE skillit/data/parquet_module.cpp)
set_target_properties(skillit_parquet PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
  INSTALL_RPATH_USE_LINK_PATH ON)
target_include_directories(skillit_parquet PRIVATE ${PROJECT_SOURCE_DIR})
target_include_directories(skillit_parquet SYSTEM PRIVATE ${ARROW_INCLUDE_DIR})
target_link_libraries(skillit_parquet PRIVATE ${parquet_library} ${arrow_library})
skillit_warnings(skillit_parquet)
install(TARGETS skillit_parquet LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/skillit)
