# Native targets: the library, its tests, the example programs and the program that lists the op rows.
find_package(Threads REQUIRED)
target_link_libraries(fluxion_flags INTERFACE Threads::Threads)

# g++ 12 sees overlaps and overflows inside its own strings and vectors where there are none (GCC bug 105651 and kin).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(fluxion_flags INTERFACE
    -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized)
endif()

if(FLUXION_SANITIZE)
  # Null and out-of-object accesses are the address sanitizer's too; checking them twice doubles the compile time.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=null,object-size,vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_compile_options(fluxion_flags INTERFACE ${sanitizers})
  target_link_options(fluxion_flags INTERFACE ${sanitizers})
endif()

if(FLUXION_SOURCES OR FLUXION_KERNELS)
  add_library(fluxion STATIC ${FLUXION_SOURCES} ${FLUXION_KERNELS})
  target_link_libraries(fluxion PUBLIC fluxion_flags)
else()
  add_library(fluxion INTERFACE)
  target_link_libraries(fluxion INTERFACE fluxion_flags)
endif()

if(FLUXION_TESTS)
  add_executable(fluxion_tests ${FLUXION_TESTS})
  target_link_libraries(fluxion_tests PRIVATE fluxion)
endif()

# Every kernel beside the machine's peak: under Google Benchmark where it is installed.
add_executable(fluxion_bench EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/tests/bench/kernels.cpp")
target_link_libraries(fluxion_bench PRIVATE fluxion)
find_package(benchmark QUIET)
if(benchmark_FOUND)
  target_compile_definitions(fluxion_bench PRIVATE FLUXION_GOOGLE_BENCHMARK)
  target_link_libraries(fluxion_bench PRIVATE benchmark::benchmark)
endif()

if(FLUXION_ROWS)
  add_executable(fluxion_rows ${FLUXION_ROWS})
  target_link_libraries(fluxion_rows PRIVATE fluxion)
endif()

add_custom_target(examples)
foreach(source IN LISTS FLUXION_EXAMPLES)
  get_filename_component(name ${source} NAME_WE)
  add_executable(example_${name} ${source})
  target_link_libraries(example_${name} PRIVATE fluxion)
  set_target_properties(example_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/examples")
  add_dependencies(examples example_${name})
endforeach()
