# Warnings, sanitizers, ccache: everything about the compiler that is not a dependency.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies in `"text" + string` where there are none (GCC bug 105651).
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
# The same sums everywhere: no fused multiply-add where the source has none.
add_compile_options(-ffp-contract=off)

# For code that takes longer to compile than to run, such as tests: what they call is optimised, they are less.
set(PROMENADE_RUN_ONCE_OPTIONS $<$<CONFIG:Release>:-O1>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # At -O1 GCC 12 sees what -Wno-restrict is for as an overflow.
  list(APPEND PROMENADE_RUN_ONCE_OPTIONS -Wno-stringop-overflow)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The manual's "Precompiled headers" asks for the sloppiness.
  set(ccache_settings CCACHE_SLOPPINESS=pch_defines,time_macros)
  if(EMSCRIPTEN)
    # em++ is a script around Clang; ccache can't see that by itself.
    list(APPEND ccache_settings CCACHE_COMPILERTYPE=clang)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${ccache_settings} ${CCACHE_PROGRAM})
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
