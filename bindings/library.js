// What Emscripten's own JavaScript does differently for us. All that is bound are functions over numbers, which need
// nothing made of what goes in or comes out: JavaScript calls the wasm functions themselves, and Embind need not get to
// know any types. Starting up takes 10 ms less. Addresses over 2 GB come negative: web/native.ts knows.
const changed = {
  _embind_register_function__deps: ['$AsciiToString', '$wasmTable'],
  _embind_register_function: (name, _count, _types, _signature, _invoker, fn, _async, _nonnull) => {
    Module[AsciiToString(name)] = wasmTable.get(fn);
  },
  _embind_register_void: (_type, _name) => {},
  _embind_register_bool: (_type, _name, _true, _false) => {},
  _embind_register_integer: (_type, _name, _size, _min, _max) => {},
  _embind_register_bigint: (_type, _name, _size, _min, _max) => {},
  _embind_register_float: (_type, _name, _size) => {},
  _embind_register_std_string: (_type, _name) => {},
  _embind_register_std_wstring: (_type, _size, _name) => {},
  _embind_register_emval: (_type) => {},
  _embind_register_memory_view: (_type, _index, _name) => {},
};
for (const name of Object.keys(changed)) if (!name.endsWith('__deps')) changed[`${name}__deps`] ??= [];
addToLibrary(changed);
