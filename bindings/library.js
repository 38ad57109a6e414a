// What Emscripten's own JavaScript does differently for us.
addToLibrary({
  // With memory over 2 GB the original calls every binding through a wrapper of rest arguments, to make an address it
  // may return unsigned. Ours return addresses as numbers of unsigned type, which Embind converts itself.
  $embind__requireFunction__deps: ['$wasmTable'],
  $embind__requireFunction: (_signature, rawFunction) => wasmTable.get(rawFunction),
});
