# Included by third_party.cmake for the native build: sin, exp, pow and their like from musl's
# sources, which are the ones Emscripten has. C libraries differ in the last bit of these functions
# (glibc and musl in 3 % of sines), and the same query has to give the same bytes everywhere.
#
# The archive is linked into the engine, where its symbols win over those of the system's libm.
set(musl_directory ${CMAKE_SOURCE_DIR}/third_party/musl)
set(musl_arch_directory ${musl_directory}/arch/${CMAKE_SYSTEM_PROCESSOR})
if(NOT EXISTS ${musl_directory}/src/math/exp.c)
  message(FATAL_ERROR "third_party/ holds no sources of musl: run `npm run bootstrap`.")
endif()

# musl's headers instead of the system's, with the one that its own build generates.
set(musl_generated_directory ${CMAKE_BINARY_DIR}/musl)
file(MAKE_DIRECTORY ${musl_generated_directory}/bits)
execute_process(
  COMMAND sed -f ${musl_directory}/tools/mkalltypes.sed ${musl_arch_directory}/bits/alltypes.h.in
          ${musl_directory}/include/alltypes.h.in
  OUTPUT_FILE ${musl_generated_directory}/bits/alltypes.h COMMAND_ERROR_IS_FATAL ANY)

# The functions that PromQL and the simulations use, and what those need.
set(musl_functions
    acos acosh asin asinh atan atan2 atanh cos cosh exp exp2 expm1 log log10 log1p log2 pow sin sinh
    tan tanh __cos __expo2 __math_divzero __math_invalid __math_oflow __math_uflow __math_xflow
    __rem_pio2 __rem_pio2_large __sin __tan exp_data log2_data log_data pow_data scalbn)
list(TRANSFORM musl_functions PREPEND ${musl_directory}/src/math/)
list(TRANSFORM musl_functions APPEND .c)
add_library(third_party_math STATIC ${musl_functions})
target_include_directories(
  third_party_math PRIVATE ${musl_generated_directory} ${musl_arch_directory} ${musl_directory}/arch/generic
                           ${musl_directory}/src/include ${musl_directory}/src/internal
                           ${musl_directory}/include)
target_compile_options(third_party_math PRIVATE -O2 -std=c99 -nostdinc -fno-builtin -fno-sanitize=all -w)
