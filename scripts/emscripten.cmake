# The CMake toolchain file of the wasm presets: asks the set-up where Emscripten is and hands over to its own file.
if(NOT DEFINED ENV{FLUXION_EMSCRIPTEN})
  find_program(FLUXION_NODE node REQUIRED)
  execute_process(
    COMMAND "${FLUXION_NODE}" "${CMAKE_CURRENT_LIST_DIR}/setup.mjs" root
    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE ".*\n" "" root "${root}")
  # The file is read again for every compiler check; the answer is kept for those.
  set(ENV{FLUXION_EMSCRIPTEN} "${root}")
endif()
set(FLUXION_EMSCRIPTEN "$ENV{FLUXION_EMSCRIPTEN}" CACHE INTERNAL "The folder that holds emcc")
include("$ENV{FLUXION_EMSCRIPTEN}/cmake/Modules/Platform/Emscripten.cmake")
