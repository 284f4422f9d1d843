# Included by third_party.cmake when compiling to WebAssembly: RE2, yaml-cpp, fmt, snappy and GoogleTest
# from their sources, for size (-Oz). Elsewhere than on Debian put the upstream tags at third_party/.
set(third_party_directory ${CMAKE_SOURCE_DIR}/third_party)

function(promenade_wasm_library name)
  cmake_parse_arguments(LIBRARY "" "INCLUDE" "SOURCES;PRIVATE_INCLUDES" ${ARGN})
  if(NOT LIBRARY_SOURCES)
    message(FATAL_ERROR "third_party/ holds no sources of ${name}: run `npm run bootstrap`.")
  endif()
  add_library(third_party_${name} STATIC ${LIBRARY_SOURCES})
  target_include_directories(third_party_${name} SYSTEM PUBLIC ${LIBRARY_INCLUDE})
  target_include_directories(third_party_${name} PRIVATE ${LIBRARY_PRIVATE_INCLUDES})
  target_compile_options(third_party_${name} PRIVATE -Oz -w)
  add_library(third_party::${name} ALIAS third_party_${name})
endfunction()

set(fmt_directory ${third_party_directory}/fmt)
file(GLOB fmt_sources ${fmt_directory}/src/format.cc)
promenade_wasm_library(fmt INCLUDE ${fmt_directory}/include SOURCES ${fmt_sources})
# What nobody here formats: 25 kB of the page's engine.
target_compile_definitions(third_party_fmt PUBLIC FMT_USE_FLOAT=0 FMT_USE_LONG_DOUBLE=0)

set(re2_directory ${third_party_directory}/re2)
file(GLOB re2_sources ${re2_directory}/re2/*.cc ${re2_directory}/util/rune.cc ${re2_directory}/util/strutil.cc)
promenade_wasm_library(re2 INCLUDE ${re2_directory} SOURCES ${re2_sources})

set(yaml_directory ${third_party_directory}/yaml-cpp)
file(GLOB yaml_sources ${yaml_directory}/src/*.cpp)
promenade_wasm_library(yaml INCLUDE ${yaml_directory}/include SOURCES ${yaml_sources}
                       PRIVATE_INCLUDES ${yaml_directory}/src)

# Its own build would ask the system for the version and for <sys/uio.h>.
set(snappy_directory ${third_party_directory}/snappy)
set(snappy_generated_directory ${CMAKE_BINARY_DIR}/snappy)
set(HAVE_SYS_UIO_H_01 1)
if(EXISTS ${snappy_directory}/snappy-stubs-public.h.in)
  configure_file(${snappy_directory}/snappy-stubs-public.h.in ${snappy_generated_directory}/snappy-stubs-public.h)
endif()
file(GLOB snappy_sources ${snappy_directory}/snappy.cc ${snappy_directory}/snappy-sinksource.cc
     ${snappy_directory}/snappy-stubs-internal.cc)
promenade_wasm_library(snappy INCLUDE ${snappy_directory} SOURCES ${snappy_sources})
target_include_directories(third_party_snappy SYSTEM PUBLIC ${snappy_generated_directory})

if(PROMENADE_TESTS)
  set(gtest_directory /usr/src/googletest)
  file(GLOB gtest_sources ${gtest_directory}/googletest/src/gtest-all.cc
       ${gtest_directory}/googletest/src/gtest_main.cc ${gtest_directory}/googlemock/src/gmock-all.cc)
  promenade_wasm_library(gtest INCLUDE ${gtest_directory}/googletest/include SOURCES ${gtest_sources}
                         PRIVATE_INCLUDES "${gtest_directory}/googletest;${gtest_directory}/googlemock")
  target_include_directories(third_party_gtest SYSTEM PUBLIC ${gtest_directory}/googlemock/include)
endif()
