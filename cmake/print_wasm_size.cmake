# cmake -DWASM=FILE -P print_wasm_size.cmake: prints the module's size, raw and after brotli, and
# fails when it is over the limit that the page's loading time depends on.
set(brotli_bytes_target 450000)
set(brotli_bytes_max 600000)

file(SIZE ${WASM} raw_bytes)
find_program(BROTLI_PROGRAM brotli)
if(NOT BROTLI_PROGRAM)
  message("engine worker: ${raw_bytes} bytes raw (install brotli to see the compressed size)")
  return()
endif()
execute_process(COMMAND ${BROTLI_PROGRAM} --best --force --output=${WASM}.br ${WASM} COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${WASM}.br brotli_bytes)
message("engine worker: ${raw_bytes} bytes raw, ${brotli_bytes} after brotli (target: ${brotli_bytes_target}, limit: ${brotli_bytes_max})")
if(brotli_bytes GREATER brotli_bytes_max)
  message(FATAL_ERROR "The engine worker is over its size limit: see what grew with `wasm-objdump -h` or twiggy.")
endif()
