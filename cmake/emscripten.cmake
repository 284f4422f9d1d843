# The toolchain file of the wasm preset: Emscripten's own, found where Debian or an emsdk puts it.
find_program(EMCXX_PROGRAM em++ HINTS $ENV{EMSDK}/upstream/emscripten)
if(NOT EMCXX_PROGRAM)
  message(FATAL_ERROR "em++ is not installed: run `npm run bootstrap`, or `apt-get install emscripten`.")
endif()
file(REAL_PATH ${EMCXX_PROGRAM} emcxx_real)
cmake_path(GET emcxx_real PARENT_PATH emscripten_root)
foreach(root ${emscripten_root} /usr/share/emscripten)
  if(EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
    include(${root}/cmake/Modules/Platform/Emscripten.cmake)
    break()
  endif()
endforeach()

# Linking runs a JavaScript optimiser that looks for acorn; Debian's own Node would find it, another
# Node in PATH needs to be told where it is.
set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs")

# -O3's inlining and unrolling cost a fifth in size and bring nothing that a page would notice.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "Flags of the Release configuration.")

# Emscripten's loaders are CommonJS, whatever package.json further up says of .js files.
file(WRITE ${CMAKE_BINARY_DIR}/package.json "{ \"type\": \"commonjs\" }\n")
