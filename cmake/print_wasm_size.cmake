# cmake -DPRIMARY=FILE -DDEFERRED=FILE -DBROTLI_PROGRAM=FILE -P print_wasm_size.cmake: prints the sizes of
# the two parts of the page's engine, raw and after brotli. It fails when the part that a page fetches
# first is over the limit that its loading time depends on, or both together are over theirs.
set(primary_bytes_max 450000)
set(whole_bytes_max 950000)

function(measure label file brotli_bytes_result)
  execute_process(COMMAND ${BROTLI_PROGRAM} --best --force --output=${file}.br ${file} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${file} raw_bytes)
  file(SIZE ${file}.br brotli_bytes)
  message("engine worker, ${label}: ${raw_bytes} bytes raw, ${brotli_bytes} after brotli")
  set(${brotli_bytes_result} ${brotli_bytes} PARENT_SCOPE)
endfunction()

measure("first part" ${PRIMARY} primary_bytes)
measure("deferred part" ${DEFERRED} deferred_bytes)
math(EXPR whole_bytes "${primary_bytes} + ${deferred_bytes}")
if(primary_bytes GREATER primary_bytes_max OR whole_bytes GREATER whole_bytes_max)
  message(FATAL_ERROR
    "The engine worker is over its limit after brotli (first part: ${primary_bytes_max}, both: ${whole_bytes_max}). "
    "Link promenade_whole with --profiling-funcs and see what grew; what the first lessons run is in "
    "wasm/profile_first_lessons.mjs.")
endif()
