# The libraries that the engine and the server use, under one name each: third_party::NAME.
#
# Natively they come from the system's packages. For WebAssembly the header-only ones are the
# same packages' headers, reached through a folder of links (so that no other system header is
# seen), and the others are compiled from the sources that scripts/bootstrap.mjs put under
# third_party/.

set(PROMENADE_HEADER_ONLY fast_float tl nlohmann protozero xxhash.h)

function(promenade_header_only_links directory)
  file(MAKE_DIRECTORY ${directory})
  foreach(entry ${PROMENADE_HEADER_ONLY})
    if(NOT EXISTS /usr/include/${entry})
      message(FATAL_ERROR "/usr/include/${entry} is missing: run `npm run bootstrap`, which installs it.")
    endif()
    file(CREATE_LINK /usr/include/${entry} ${directory}/${entry} SYMBOLIC)
  endforeach()
endfunction()

set(header_only_directory ${CMAKE_BINARY_DIR}/header_only)
promenade_header_only_links(${header_only_directory})
add_library(third_party_headers INTERFACE)
target_include_directories(third_party_headers SYSTEM INTERFACE ${header_only_directory})
add_library(third_party::headers ALIAS third_party_headers)

if(EMSCRIPTEN)
  include(third_party_wasm)
  add_library(third_party_math INTERFACE)
else()
  include(third_party_math)
  find_package(fmt REQUIRED)
  add_library(third_party::fmt ALIAS fmt::fmt)
  find_package(yaml-cpp REQUIRED)
  add_library(third_party_yaml INTERFACE)
  target_link_libraries(third_party_yaml INTERFACE yaml-cpp)
  add_library(third_party::yaml ALIAS third_party_yaml)
  find_library(RE2_LIBRARY re2 REQUIRED)
  add_library(third_party_re2 INTERFACE)
  target_link_libraries(third_party_re2 INTERFACE ${RE2_LIBRARY} Threads::Threads)
  add_library(third_party::re2 ALIAS third_party_re2)
  if(PROMENADE_TESTS)
    find_package(GTest REQUIRED)
    add_library(third_party_gtest INTERFACE)
    target_link_libraries(third_party_gtest INTERFACE GTest::gmock GTest::gtest GTest::gtest_main)
    add_library(third_party::gtest ALIAS third_party_gtest)
  endif()
endif()
add_library(third_party::math ALIAS third_party_math)
