# cmake --install, and find_package(skillit) for a project that embeds the library.
include(CMakePackageConfigHelpers)
set(skillit_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/skillit)

# One export set each, so that whoever uses skillit::core alone needs no torch.
function(skillit_install_library name)
  install(TARGETS skillit_${name} EXPORT skillit-${name}-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT skillit-${name}-targets NAMESPACE skillit:: DESTINATION ${skillit_package_folder})
endfunction()
skillit_install_library(core)
if(SKILLIT_TRAIN)
  skillit_install_library(train)
else()
  set(not_built PATTERN nn EXCLUDE PATTERN train EXCLUDE PATTERN run EXCLUDE)
endif()
install(DIRECTORY skillit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h"
  PATTERN "*_private.h" EXCLUDE ${not_built})
install(TARGETS skillit_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY recipes DESTINATION ${CMAKE_INSTALL_DATADIR}/skillit)

configure_package_config_file(cmake/skillit-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/skillit-config.cmake
  INSTALL_DESTINATION ${skillit_package_folder})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/skillit-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/skillit-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/skillit-config-version.cmake
  DESTINATION ${skillit_package_folder})
