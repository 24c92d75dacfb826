# -DSKILLIT_TRAIN=OFF configures without looking for torch, and nothing in its build refers to it.
set(folder ${BUILD}/core_without_torch_test)
file(REMOVE_RECURSE ${folder})
execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${folder}
  -D SKILLIT_TRAIN=OFF -D SKILLIT_DEV=OFF -D Torch_DIR=${folder}/no_torch_here
  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "configuring with -DSKILLIT_TRAIN=OFF failed:\n${output}")
endif()
file(STRINGS ${folder}/build.ninja mentions REGEX "apps/skillit/training|libtorch|libc10|skillit_train|/torch/include")
if(mentions)
  message(FATAL_ERROR "the build without torch refers to it:\n${mentions}")
endif()
