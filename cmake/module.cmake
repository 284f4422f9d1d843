# One folder, one target, and a wrong include fails the build.
#
#   promenade_module(tsdb DEPENDS model)
#
# makes the static library promenade_tsdb of the *.cc in this folder and its subfolders. Its headers are reached
# as "tsdb/head.h" through a folder that holds only a link to this one, so a target sees
# the headers of the modules in its DEPENDS (and of theirs), and no others. In the page's engine a COLD
# module, whose speed nobody waits for, is compiled for size; COLD_SOURCES says so of single subfolders (lint/) and
# files (functions/calendar.cc).
function(promenade_module name)
  cmake_parse_arguments(MODULE "COLD" "" "COLD_SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  set(include_directory ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include_directory})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_directory}/${name} SYMBOLIC)

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cc)
  if(sources)
    add_library(promenade_${name} STATIC ${sources})
    set(scope PUBLIC)
    if(EMSCRIPTEN AND MODULE_COLD)
      target_compile_options(promenade_${name} PRIVATE -Oz)
      promenade_precompile(promenade_${name} cold OPTIONS -Oz)
    else()
      promenade_precompile(promenade_${name} engine)
    endif()
    foreach(entry ${MODULE_COLD_SOURCES})
      promenade_sources_of("${entry}" cold ${sources})
      if(NOT cold)
        message(FATAL_ERROR "COLD_SOURCES of ${name}: no source file is, or is in, ${entry}")
      endif()
      if(EMSCRIPTEN)
        set_source_files_properties(${cold} PROPERTIES COMPILE_OPTIONS -Oz SKIP_PRECOMPILE_HEADERS ON)
      endif()
    endforeach()
  else()
    add_library(promenade_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(promenade_${name} ${scope} ${include_directory})
  list(TRANSFORM MODULE_DEPENDS PREPEND promenade_)
  target_link_libraries(promenade_${name} ${scope} ${MODULE_DEPENDS} ${MODULE_LIBRARIES})
endfunction()

# Those of the sources in the arguments that are the file `entry` of this folder, or in its subfolder `entry`/.
function(promenade_sources_of entry result)
  set(path ${CMAKE_CURRENT_SOURCE_DIR}/${entry})
  set(found "")
  foreach(source ${ARGN})
    string(FIND ${source} ${path} position)
    if(source STREQUAL path OR (position EQUAL 0 AND entry MATCHES "/$"))
      list(APPEND found ${source})
    endif()
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# The tests of one module: tests/unit/NAME/*_test.cc as the program unit_NAME, run by ctest
# natively and, compiled from the same sources, under Node. The test suite APART is a ctest of its own, which
# runs beside the others.
function(promenade_unit_test name)
  cmake_parse_arguments(TEST "" "APART" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${name} ${sources})
  target_compile_options(unit_${name} PRIVATE ${PROMENADE_RUN_ONCE_OPTIONS})
  promenade_precompile(unit_${name} tests OPTIONS ${PROMENADE_RUN_ONCE_OPTIONS} HEADERS <gmock/gmock.h> <gtest/gtest.h>
                       LIBRARIES third_party::gtest)
  list(TRANSFORM TEST_DEPENDS PREPEND promenade_)
  target_link_libraries(unit_${name} PRIVATE promenade_${name} ${TEST_DEPENDS} third_party::gtest)
  if(TEST_APART)
    promenade_add_test(unit_${name} unit_${name} --gtest_filter=-${TEST_APART}.*)
    promenade_add_test(unit_${name}_apart unit_${name} --gtest_filter=${TEST_APART}.*)
  else()
    promenade_add_test(unit_${name} unit_${name})
  endif()
endfunction()

# Registers PROGRAM with ctest; as WebAssembly it is run by Node.
function(promenade_add_test name program)
  if(EMSCRIPTEN)
    # -O1 leaves out Binaryen's second optimisation, half of the time that the tests take to build.
    target_link_options(${program} PRIVATE -O1 -sALLOW_MEMORY_GROWTH=1 -sEXIT_RUNTIME=1 -sNODERAWFS=1
                                           -sENVIRONMENT=node -sTOTAL_STACK=1048576)
    add_test(NAME ${name} COMMAND node --no-experimental-fetch $<TARGET_FILE:${program}> ${ARGN})
  else()
    add_test(NAME ${name} COMMAND ${program} ${ARGN})
  endif()
  set_tests_properties(${name} PROPERTIES WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
