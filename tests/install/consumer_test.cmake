# Installs the build into a folder of its own, then configures, builds and runs projects that use it from there.
set(folder ${BUILD}/install_test)
file(REMOVE_RECURSE ${folder})

function(run what)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed (${status}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run("cmake --install" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${folder}/prefix)
run("the installed program" ${folder}/prefix/bin/skillit --version)

run("configuring the example" ${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/examples/cmake_project -B ${folder}/core
  -D CMAKE_BUILD_TYPE=Release -D CMAKE_PREFIX_PATH=${folder}/prefix)
run("building the example" ${CMAKE_COMMAND} --build ${folder}/core)
run("the example" ${folder}/core/next_mixture)
# With equal losses and no edges all three would get a third; these edges and losses favour what is below.
if(NOT output MATCHES "^copy +0\\.[0-9]+\nadd +0\\.[0-9]+\ncarry +0\\.[0-9]+\n$")
  message(FATAL_ERROR "the example printed:\n${output}")
endif()

if(TRAIN)
  run("configuring a project with the train component" ${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/tests/install/train_project
    -B ${folder}/train -D CMAKE_BUILD_TYPE=Release -D CMAKE_PREFIX_PATH=${folder}/prefix -D Torch_DIR=${Torch_DIR})
  run("building it" ${CMAKE_COMMAND} --build ${folder}/train)
  run("running it" ${folder}/train/uses_train)
endif()
