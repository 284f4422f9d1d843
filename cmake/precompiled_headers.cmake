# Headers that nearly every file includes, read once instead of once a file: a third of the time that a build
# takes. Files include what they use as if this were not here: the presets debug and tsan, which have none of
# it, fail if one doesn't.
#
# The presets turn it on. The compilers take precompiled headers only from the very same folder, so ccache
# can't help between folders then.
option(PROMENADE_PRECOMPILED_HEADERS "Precompile the headers that nearly every file includes." OFF)

set(precompiled_headers <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <set> <span> <string>
                        <string_view> <utility> <vector> <fmt/format.h> <tl/expected.hpp>)

# Gives TARGET the headers that were precompiled with OPTIONS, its own in the end; KIND names the set:
# promenade_precompile(unit_tsdb tests OPTIONS -O1 HEADERS <gtest/gtest.h> LIBRARIES third_party::gtest).
function(promenade_precompile target kind)
  cmake_parse_arguments(PRECOMPILE "" "" "OPTIONS;HEADERS;LIBRARIES" ${ARGN})
  if(NOT PROMENADE_PRECOMPILED_HEADERS)
    return()
  endif()
  # ccache needs that of GCC (ccache manual, "Precompiled headers").
  set(preprocess $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  set(holder precompiled_${kind})
  if(NOT TARGET ${holder})
    file(WRITE ${CMAKE_BINARY_DIR}/${holder}.cc "")
    add_library(${holder} OBJECT ${CMAKE_BINARY_DIR}/${holder}.cc)
    target_link_libraries(${holder} PRIVATE third_party::headers third_party::fmt ${PRECOMPILE_LIBRARIES})
    target_compile_options(${holder} PRIVATE ${PRECOMPILE_OPTIONS} ${preprocess})
    target_precompile_headers(${holder} PRIVATE ${precompiled_headers} ${PRECOMPILE_HEADERS})
  endif()
  target_compile_options(${target} PRIVATE ${preprocess})
  target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()
