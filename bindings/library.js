// What Emscripten's own JavaScript does differently for us.
addToLibrary({
  // All that is bound are functions over numbers, which need nothing made of what goes in or comes out: JavaScript calls
  // the wasm function itself. Starting up takes 9 ms less. Addresses over 2 GB come negative: web/native.ts knows.
  _embind_register_function__deps: ['$AsciiToString', '$wasmTable'],
  _embind_register_function: (name, _count, _types, _signature, _invoker, fn, _async, _nonnull) => {
    Module[AsciiToString(name)] = wasmTable.get(fn);
  },
});
