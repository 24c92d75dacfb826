# SKILLIT_SANITIZE=address,undefined instruments every target of this project.
if(SKILLIT_SANITIZE)
  add_compile_options(-fsanitize=${SKILLIT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${SKILLIT_SANITIZE})
endif()
