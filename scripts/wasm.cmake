# The wasm variants {simd, relaxed} × {single thread, threads}. Kernels are compiled once per variant, everything else
# once per threading, and the objects are shared.

# Nothing asks for a type at run time; the names of types would be 20 KB.
set(features -msimd128 -fwasm-exceptions -fno-rtti -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
if(FLUXION_LTO)
  list(APPEND features -flto)
endif()
# Sizes and strides are 64 bits wide everywhere, pointers here 32: narrowing them is the rule and not a mistake.
target_compile_options(fluxion_flags INTERFACE ${features} -Wno-shorten-64-to-32)
target_link_options(fluxion_flags INTERFACE ${features})

# Emscripten's own JavaScript runs in the project's Node, for an older one may be installed.
set(node "${PROJECT_SOURCE_DIR}/node_modules/node/bin/node")
if(EXISTS "${node}")
  set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK "\"${CMAKE_COMMAND}\" -E env \"EM_NODE_JS=${node}\"")
else()
  find_program(node_on_path node REQUIRED)
  set(node "${node_on_path}")
endif()

# What is published is put in order for gzip and weighed.
set(published "")
if(FLUXION_SIZE_LIMIT)
  set(config "${FLUXION_EMSCRIPTEN}/em-config")
  if(CMAKE_HOST_WIN32)
    string(APPEND config ".bat")
  endif()
  execute_process(COMMAND "${config}" BINARYEN_ROOT
    OUTPUT_VARIABLE binaryen OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  find_program(wasm_opt wasm-opt PATHS "${binaryen}/bin" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  set(published ${FLUXION_SIZE_LIMIT} "${wasm_opt}")
endif()

set(runtime
  -sSTRICT
  -sALLOW_MEMORY_GROWTH
  -sMAXIMUM_MEMORY=4GB
  -sINITIAL_MEMORY=16MB
  -sSTACK_SIZE=1MB
  -sABORTING_MALLOC=0 # running out of memory is an OutOfMemoryError, not the end of the module
  -Wno-pthreads-mem-growth)

set(module
  ${runtime}
  -lembind
  -sMALLOC=emmalloc # small; blocks that matter are kept by our own allocator
  -sDYNAMIC_EXECUTION=0 # runs under a CSP without 'unsafe-eval'
  -sMODULARIZE
  -sEXPORT_ES6
  -sENVIRONMENT=web,worker,node
  -sFILESYSTEM=0
  -sINCOMING_MODULE_JS_API=wasmBinary,instantiateWasm,mainScriptUrlOrBlob,locateFile,wasmMemory,print,printErr,onAbort
  --no-entry)

# fluxion_objects(<name> <THREADS|SINGLE> <options> <sources>) is an object library, made on first use.
function(fluxion_objects name threading options)
  if(TARGET ${name} OR NOT ARGN)
    return()
  endif()
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${ARGN})
  target_link_libraries(${name} PRIVATE fluxion_flags)
  target_compile_options(${name} PRIVATE ${options})
  if(threading STREQUAL "THREADS")
    target_compile_options(${name} PRIVATE -pthread)
    target_compile_definitions(${name} PRIVATE FLUXION_THREADS)
  endif()
endfunction()

function(fluxion_link target objects threading)
  target_link_libraries(${target} PRIVATE fluxion_flags)
  foreach(library IN LISTS objects)
    if(TARGET ${library})
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${library}>)
    endif()
  endforeach()
  if(threading STREQUAL "THREADS")
    target_link_options(${target} PRIVATE -pthread)
  endif()
endfunction()

# fluxion_variant(simd-threads) makes fluxion-simd-threads.{mjs,wasm} and the programs fluxion_tests_simd-threads and
# fluxion_bench_simd-threads.
function(fluxion_variant variant)
  set(threading SINGLE)
  if(variant MATCHES "-threads$")
    set(threading THREADS)
  endif()
  string(TOLOWER ${threading} suffix)
  set(kernel_options "")
  if(variant MATCHES "^relaxed")
    set(kernel_options -mrelaxed-simd -DFLUXION_RELAXED)
  endif()
  fluxion_objects(kernels_${variant} ${threading} "${kernel_options}" ${FLUXION_KERNELS})
  # Above the kernels nothing loops over elements: there small code is worth more than unrolled or inlined code.
  fluxion_objects(library_${suffix} ${threading} "-Oz" ${FLUXION_SOURCES})
  fluxion_objects(bindings_${suffix} ${threading} "-Oz" ${FLUXION_BINDINGS})
  set(library kernels_${variant} library_${suffix})

  if(FLUXION_BINDINGS)
    set(target fluxion-${variant})
    add_executable(${target} "${PROJECT_SOURCE_DIR}/scripts/empty.cpp")
    set_target_properties(${target} PROPERTIES SUFFIX ".mjs")
    fluxion_link(${target} "bindings_${suffix};${library}" ${threading})
    target_link_options(${target} PRIVATE ${module} "SHELL:--js-library ${PROJECT_SOURCE_DIR}/bindings/library.js")
    set_property(TARGET ${target} PROPERTY LINK_DEPENDS "${PROJECT_SOURCE_DIR}/bindings/library.js")
    if(variant MATCHES "^relaxed")
      target_link_options(${target} PRIVATE -mrelaxed-simd)
    endif()
    if(threading STREQUAL "THREADS")
      # The loader says how many workers to start before the module begins.
      # Its workers load while the program goes on: a loop that they come late to is the caller's alone.
      target_link_options(${target} PRIVATE "-sPTHREAD_POOL_SIZE=Module['fluxionThreads']" -sPTHREAD_POOL_DELAY_LOAD)
    endif()
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND "${node}" "${PROJECT_SOURCE_DIR}/scripts/finish-wasm.mjs" "$<TARGET_FILE:${target}>" ${published})
  endif()

  # The benchmark of kernels.
  set(bench fluxion_bench_${variant})
  fluxion_objects(bench_${variant} ${threading} "-O3;${kernel_options}" "${PROJECT_SOURCE_DIR}/tests/bench/kernels.cpp")
  add_executable(${bench} EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/scripts/empty.cpp")
  set_target_properties(${bench} PROPERTIES SUFFIX ".cjs")
  fluxion_link(${bench} "bench_${variant};${library}" ${threading})
  target_link_options(${bench} PRIVATE ${runtime} -sENVIRONMENT=node,worker -sEXIT_RUNTIME)
  if(threading STREQUAL "THREADS")
    target_link_options(${bench} PRIVATE -sPTHREAD_POOL_SIZE=8)
  endif()

  if(FLUXION_TESTS)
    # The test of what kernels are made of is compiled as they are.
    set(parts "${PROJECT_SOURCE_DIR}/tests/cpp/kernels_math.cpp")
    set(others ${FLUXION_TESTS})
    list(REMOVE_ITEM others "${parts}")
    fluxion_objects(tests_${suffix} ${threading} "" ${others})
    fluxion_objects(tests_${variant} ${threading} "${kernel_options}" "${parts}")
    set(tests fluxion_tests_${variant})
    add_executable(${tests} EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/scripts/empty.cpp")
    set_target_properties(${tests} PROPERTIES SUFFIX ".cjs")
    fluxion_link(${tests} "tests_${suffix};tests_${variant};${library}" ${threading})
    # -O1: the program is linked to be run once. NODERAWFS: it reads the fixtures of tests/.
    target_link_options(${tests} PRIVATE -O1 ${runtime} -sENVIRONMENT=node,worker -sEXIT_RUNTIME -sNODERAWFS)
    if(threading STREQUAL "THREADS")
      target_link_options(${tests} PRIVATE -sPTHREAD_POOL_SIZE=8)
    endif()
  endif()
endfunction()

# fluxion_peak_{simd,relaxed}.wasm: the machine's own peak, for the benchmark to stand beside.
function(fluxion_peak variant)
  set(target fluxion_peak_${variant})
  add_executable(${target} EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/tests/bench/peak.cpp")
  set_target_properties(${target} PROPERTIES SUFFIX ".wasm")
  target_link_libraries(${target} PRIVATE fluxion_flags)
  target_compile_options(${target} PRIVATE -O3)
  target_link_options(${target} PRIVATE -O3 -sSTANDALONE_WASM --no-entry -sEXPORTED_FUNCTIONS=_run_peak,_peak_flop,_run_add,_add_bytes)
  if(variant STREQUAL "relaxed")
    target_compile_options(${target} PRIVATE -mrelaxed-simd -DFLUXION_RELAXED)
    target_link_options(${target} PRIVATE -mrelaxed-simd)
  endif()
endfunction()

fluxion_peak(simd)
fluxion_peak(relaxed)
foreach(variant IN LISTS FLUXION_VARIANTS)
  fluxion_variant(${variant})
endforeach()
