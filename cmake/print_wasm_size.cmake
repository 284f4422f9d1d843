# cmake -DPRIMARY=FILE -DDEFERRED=FILE -P print_wasm_size.cmake: prints the sizes of the page's engine, raw
# and after brotli, and fails when the part that a page fetches first is over the limit that its loading
# time depends on.
set(primary_brotli_bytes_max 450000)
find_program(BROTLI_PROGRAM brotli REQUIRED)

function(measure label file brotli_bytes_result)
  execute_process(COMMAND ${BROTLI_PROGRAM} --best --force --output=${file}.br ${file} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${file} raw_bytes)
  file(SIZE ${file}.br brotli_bytes)
  message("${label}: ${raw_bytes} bytes raw, ${brotli_bytes} after brotli")
  set(${brotli_bytes_result} ${brotli_bytes} PARENT_SCOPE)
endfunction()

measure("engine worker" ${PRIMARY} primary_brotli_bytes)
measure("fetched when needed" ${DEFERRED} deferred_brotli_bytes)
if(primary_brotli_bytes GREATER primary_brotli_bytes_max)
  message(FATAL_ERROR "The engine worker is over its limit of ${primary_brotli_bytes_max} bytes: see with `wasm-split --verbose` what it keeps.")
endif()
