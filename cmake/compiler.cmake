# Warnings, sanitizers, ccache: everything about the compiler that is not a dependency.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies in `"text" + string` where there are none (GCC bug 105651).
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
# The same sums everywhere: no fused multiply-add where the source has none.
add_compile_options(-ffp-contract=off)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  if(EMSCRIPTEN)
    # em++ is a script around Clang; ccache can't see that by itself.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_COMPILERTYPE=clang ${CCACHE_PROGRAM})
  endif()
endif()

if(PROMENADE_SANITIZE)
  # Reports name lines, which -g1 is enough for; it and -O0 halve the time that compiling takes. Fuzzing
  # runs longer than it compiles.
  add_compile_options(-fsanitize=${PROMENADE_SANITIZE} -fno-sanitize-recover=all -g1 $<IF:$<BOOL:${PROMENADE_FUZZ}>,-O1,-O0>)
  add_link_options(-fsanitize=${PROMENADE_SANITIZE})
endif()

if(EMSCRIPTEN)
  # yaml-cpp throws inside its adapter, so the whole program agrees on one exception model.
  add_compile_options(-fwasm-exceptions)
  add_link_options(-fwasm-exceptions)
  # In all browsers since 2023 (https://webassembly.org/features/).
  add_compile_options(-msimd128)
else()
  find_program(MOLD_PROGRAM mold)
  if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
  endif()
  find_package(Threads REQUIRED)
endif()
