// What the wasm module offers. Tensors, modules and optimizers are small integers on its side; a list crosses as the
// address of [count, values …] in wasm memory, as doubles.
import { FluxionError } from './errors.ts';
import type { NativeOps } from './generated/native.ts';

export type Handle = number;
export type Address = number;

export interface NativeCore {
  newBlock(bytes: number): Address;
  freeBlock(block: Address): void;

  newTensor(shape: Address, dtype: number): Address;
  /** Gives its shape. */
  releaseTensor(tensor: Handle): Address;
  tensorId(tensor: Handle): number;
  aliasTensor(tensor: Handle): Handle;
  detachTensor(tensor: Handle): Handle;
  tensorDtype(tensor: Handle): number;
  tensorShape(tensor: Handle): Address;
  tensorStrides(tensor: Handle): Address;
  tensorItem(tensor: Handle): number;
  tensorValues(tensor: Handle): Address;
  tensorText(tensor: Handle): Address;
  toDtype(tensor: Handle, dtype: number): Handle;
  copyValues(into: Handle, from: Handle): void;
  derivatives(
    kind: number,
    callback: number,
    inputs: Address,
    vectors: Address,
    createGraph: number,
  ): Address;
  detectAnomaly(on: number, callback: number): number;
  inPlaceInput(tensor: Handle, name: Address, othersRecord: number): Handle;
  inPlaceResult(tensor: Handle, name: Address, value: Handle): void;
  memoryNumbers(): Address;
  resetPeakMemory(): void;
  releaseCache(): void;
  setThreads(count: number): void;
  threads(): number;
  manualSeed(seed: number): void;
  currentSeed(): number;

  gradEnabled(): number;
  setGradMode(enabled: number): number;
  tensorRequiresGrad(tensor: Handle): number;
  tensorSetRequiresGrad(tensor: Handle, value: number): void;
  tensorIsLeaf(tensor: Handle): number;
  tensorGrad(tensor: Handle): Handle;
  tensorSetGrad(tensor: Handle, grad: Handle): void;
  tensorRetainGrad(tensor: Handle): void;
  registerHook(tensor: Handle, callback: number): number;
  removeHook(tensor: Handle, id: number): void;
  tensorBackward(tensor: Handle, gradient: Handle, retain: number, create: number): void;
  gradients(
    outputs: Address,
    inputs: Address,
    gradOutputs: Address,
    retain: number,
    create: number,
    unused: number,
  ): Address;
  recordCustom(name: Address, result: Handle, inputs: Address, saved: Address, callback: number): Handle;

  releaseModule(module: Handle): void;
  moduleForward(module: Handle, x: Handle): Handle;
  newModule(kind: number, numbers: Address): Handle;
  callMethod(module: Handle, method: number, numbers: Address): Address;
  lossForward(module: Handle, input: Handle, target: Handle, third: Handle): Handle;
  moduleNames(module: Handle, kind: number): Address;
  moduleTensors(module: Handle, kind: number): Address;
  moduleChildNames(module: Handle): Address;
  moduleChildren(module: Handle): Address;
  moduleTensor(module: Handle, name: Address): Handle;
  moduleSetParameter(module: Handle, name: Address, value: Handle): void;
  moduleType(module: Handle): Address;
  moduleText(module: Handle): Address;
  moduleTraining(module: Handle): number;
  moduleTrain(module: Handle, mode: number): void;
  newSequential(modules: Address): Handle;
  modulePreHook(module: Handle, callback: number): number;
  moduleHook(module: Handle, callback: number): number;
  moduleBackwardHook(module: Handle, callback: number): number;
  moduleRemoveHook(module: Handle, id: number): void;

  releaseOptimizer(optimizer: Handle): void;
  optimizerStep(optimizer: Handle): void;
  optimizerZeroGrad(optimizer: Handle): void;
  optimizerAddGroup(optimizer: Handle, params: Address): number;
  optimizerGroupCount(optimizer: Handle): number;
  optimizerGroup(optimizer: Handle, group: number): Address;
  optimizerOption(optimizer: Handle, name: Address, group: number): Address;
  optimizerSetOption(optimizer: Handle, name: Address, values: Address, group: number): void;
  optimizerStateNames(optimizer: Handle): Address;
  optimizerState(optimizer: Handle): Address;
  optimizerLoadState(optimizer: Handle, names: Address, tensors: Address): void;

  newSchedule(kind: number, optimizer: Handle, numbers: Address): Handle;
  lambdaSchedule(optimizer: Handle, callback: number): Handle;
  sequentialSchedule(optimizer: Handle, schedules: Address, milestones: Address): Handle;
  scheduleGoTo(schedule: Handle, steps: number): void;
  scheduleStep(schedule: Handle): void;
  scheduleSteps(schedule: Handle): number;
  scheduleRates(schedule: Handle): Address;
  releaseSchedule(schedule: Handle): void;
  newPlateau(optimizer: Handle, numbers: Address): Handle;
  plateauStep(plateau: Handle, metric: number): void;
  plateauRates(plateau: Handle): Address;
  plateauState(plateau: Handle): Address;
  plateauLoad(plateau: Handle, state: Address): void;
  releasePlateau(plateau: Handle): void;

  checkGradients(
    callback: number,
    inputs: Address,
    eps: number,
    atol: number,
    rtol: number,
    second: number,
  ): Address;

  newCompiled(step: number): Handle;
  /** The number of the recording (−1: it ran as it is), then the results. */
  runCompiled(step: Handle, args: Address, key: number): Address;
  compiledRefusal(step: Handle): Address;
  compiledNumbers(step: Handle): Address;
  resetCompiled(step: Handle): void;
  releaseCompiled(step: Handle): void;
  isRecording(): number;
  refuseRecording(why: Address): void;
  guardRecording(callback: number): void;
  changed(): void;
  endRecordings(): void;

  newFit(
    module: Handle,
    forward: number,
    setTraining: number,
    lossModule: Handle,
    loss: number,
    optimizer: Handle,
    x: Handle,
    y: Handle,
    options: Address,
    validationX: Handle,
    validationY: Handle,
    metrics: Address,
    events: number,
  ): Handle;
  runFit(fit: Handle, milliseconds: number): number;
  /** Of each epoch that ended since, when nobody listens to epochs: how many numbers, and these. */
  takeFitLog(fit: Handle): Address;
  stopFit(fit: Handle): void;
  releaseFit(fit: Handle): void;
  pauseFit(fit: Handle): void;
  fitStateNames(fit: Handle): Address;
  fitState(fit: Handle): Address;
  loadFitState(fit: Handle, names: Address, tensors: Address): void;
  newSweep(
    module: Handle,
    forward: number,
    setTraining: number,
    lossModule: Handle,
    loss: number,
    x: Handle,
    y: Handle,
    batchSize: number,
    metrics: Address,
  ): Handle;
  runSweep(sweep: Handle, milliseconds: number): number;
  sweepEvaluation(sweep: Handle): Address;
  sweepOutputs(sweep: Handle): Handle;
  releaseSweep(sweep: Handle): void;
  newMetric(kind: number, numbers: Address): Handle;
  /** Without an output: starts anew. */
  metricUpdate(metric: Handle, output: Handle, target: Handle): void;
  metricCompute(metric: Handle): Handle;
  releaseMetric(metric: Handle): void;
  newAverage(params: Address, decay: number): Handle;
  averageUpdate(average: Handle): void;
  averageSwap(average: Handle): void;
  averageTensors(average: Handle): Address;
  /** Sets the count where it is not negative, and gives it. */
  averageCount(average: Handle, count: number): number;
  releaseAverage(average: Handle): void;
  clipGradNorm(params: Address, maxNorm: number, normType: number, errorIfNonfinite: number): number;
  clipGradValue(params: Address, clipValue: number): void;
  getRandomState(): Handle;
  setRandomState(state: Handle): void;

  startProfile(): void;
  stopProfile(): Address;
  /** The op of each row; ends the profile. */
  profileOps(): Address;

  saveSafetensors(names: Address, tensors: Address, metadata: Address): Address;
  releaseSaved(): void;
  saveNpy(tensor: Handle): Address;
  saveNpz(names: Address, tensors: Address): Address;
  loadNpy(bytes: Address, size: number): Handle;
  loadNpz(bytes: Address, size: number, limit: number): Address;
  loadTorch(bytes: Address, size: number, limit: number): Address;
  loadSafetensors(bytes: Address, size: number): Address;
  loadedNames(): Address;
  loadedMetadata(): Address;

  newTokenizer(corpus: Address): Handle;
  releaseTokenizer(tokenizer: Handle): void;
  tokenizerVocabulary(tokenizer: Handle): Address;
  tokenizerSize(tokenizer: Handle): number;
  tokenizerEncode(tokenizer: Handle, text: Address): Handle;
  tokenizerDecode(tokenizer: Handle, ids: Handle): Address;
  trainBpe(corpus: Address, size: number, vocabSize: number, minFrequency: number, specials: Address): Handle;
  loadBpe(json: Address, size: number): Handle;
  loadGpt2Bpe(files: Address, vocabSize: number, size: number, given: number, specials: Address): Handle;
  saveBpe(tokenizer: Handle): Address;
  releaseBpe(tokenizer: Handle): void;
  bpeSize(tokenizer: Handle): number;
  bpeId(tokenizer: Handle, token: Address): number;
  bpeEncode(tokenizer: Handle, text: Address, size: number): Handle;
  bpeDecode(tokenizer: Handle, ids: Handle, skipSpecial: number): Address;
  newVectorizer(texts: Address, size: number, unit: number, maxTokens: number, minFrequency: number): Handle;
  releaseVectorizer(vectorizer: Handle): void;
  vectorizerTokens(vectorizer: Handle): Address;
  vectorizerEncode(vectorizer: Handle, texts: Address, size: number, length: number): Handle;
  vectorizerCounts(vectorizer: Handle, texts: Address, size: number): Handle;
  vectorizerDecode(vectorizer: Handle, ids: Handle): Address;
  newGeneration(
    module: Handle,
    forward: number,
    ids: Handle,
    temperature: number,
    topK: number,
    topP: number,
    repetitionPenalty: number,
    seeded: number,
    seed: number,
    context: number,
  ): Handle;
  generationStep(generation: Handle): Handle;
  generationIds(generation: Handle): Handle;
  releaseGeneration(generation: Handle): void;

  dataXor(): Address;
  dataParity(bits: number): Address;
  dataCircles(n: number, noise: number, factor: number, seeded: number, seed: number): Address;
  dataMoons(n: number, noise: number, seeded: number, seed: number): Address;
  dataSpirals(
    n: number,
    classes: number,
    turns: number,
    noise: number,
    seeded: number,
    seed: number,
  ): Address;
  dataSorting(n: number, length: number, letters: number, seeded: number, seed: number): Address;
  dataTextWindows(ids: Handle, length: number, stride: number): Address;
  dataSplit(tensors: Address, labels: Handle, shares: Address, seeded: number, seed: number): Address;
  dataBlobs(n: number, classes: number, noise: number, spread: number, seeded: number, seed: number): Address;
  dataArithmetic(n: number, digits: number, seeded: number, seed: number): Address;
  dataAugment(images: Handle, numbers: Address, seeded: number, seed: number): Handle;
  newLoader(
    tensors: Address,
    batchSize: number,
    shuffle: number,
    dropLast: number,
    seeded: number,
    seed: number,
  ): Handle;
  releaseLoader(loader: Handle): void;
  loaderBatches(loader: Handle): number;
  loaderStart(loader: Handle): void;
  loaderBatch(loader: Handle, batch: number): Address;

  manualNew(kind: number, args: Address): Handle;
  manualRelease(layer: Handle): void;
  manualInitialize(layer: Handle, shape: Address, dtype: number): void;
  manualBufferNames(layer: Handle): Address;
  manualBuffer(layer: Handle, name: Address): Handle;
  manualSetBuffer(layer: Handle, name: Address, value: Handle): void;
  manualAct(layer: Handle, action: number, a: number, b: number): number;

  initUniform(tensor: Handle, a: number, b: number): void;
  initNormal(tensor: Handle, mean: number, std: number): void;
  initConstant(tensor: Handle, value: number): void;
  initXavierUniform(tensor: Handle, gain: number): void;
  initXavierNormal(tensor: Handle, gain: number): void;
  initKaimingUniform(tensor: Handle, a: number, mode: number, nonlinearity: number): void;
  initKaimingNormal(tensor: Handle, a: number, mode: number, nonlinearity: number): void;
  initOrthogonal(tensor: Handle, gain: number): void;
  initTruncNormal(tensor: Handle, mean: number, std: number, a: number, b: number): void;
  initGain(nonlinearity: number, given: number, slope: number): number;

  graphText(root: Handle): Address;
  graphTensors(): Address;
  keepGraphValues(keep: number): void;
  stepsBegin(root: Handle, gradient: Handle, retain: number): void;
  stepsNext(): number;
  stepsTake(): number;
  stepsPending(node: number): Handle;
  stepsEnd(): void;
}

/** The Emscripten module, as far as it is used from here. */
export interface NativeModule extends NativeCore, NativeOps {
  raise: (kind: number, message: string) => unknown;
  callback: (id: number, a: number, b: number) => number;
  forget: (id: number) => void;
}

const notReady = new Proxy({} as NativeModule, {
  get() {
    throw new FluxionError('Fluxion is not ready: call `await init()` once before anything else');
  },
});

/** The running module; every use before `init()` is an error that says so. */
export let lib: NativeModule = notReady;
let memory: WebAssembly.Memory | undefined;

export function setLib(module: NativeModule, wasmMemory: WebAssembly.Memory): void {
  lib = module;
  memory = wasmMemory;
}

let bytes = new Uint8Array();
let doubles = new Float64Array();
let words = new Uint32Array();

// Views die when memory grows: then they have no length, or, on shared memory, one that is too short.
function refresh(): void {
  const buffer = memory!.buffer;
  bytes = new Uint8Array(buffer);
  doubles = new Float64Array(buffer);
  words = new Uint32Array(buffer);
}

/** Memory up to byte `end` as bytes. */
export function heapBytes(end: number): Uint8Array {
  if (end > bytes.length) refresh();
  return bytes;
}
function heapDoubles(end: number): Float64Array {
  if (end > bytes.length) refresh();
  return doubles;
}
function heapWords(end: number): Uint32Array {
  if (end > bytes.length) refresh();
  return words;
}
export const wasmBytes = (): number => memory?.buffer.byteLength ?? 0;

// Lists on their way in are written round and round into one block; a call reads all of its own before it returns.
const firstBlock = 1 << 16;
let block = 0;
let outgrown = 0;
let blockBytes = 0;
let next = 0;

function room(size: number): Address {
  if (next + size > blockBytes) {
    if (size * 4 > blockBytes) {
      const wanted = Math.max(firstBlock, size * 4);
      const bigger = lib.newBlock(wanted) >>> 0;
      // The block outgrown may hold another list of the same call: it goes with the next one.
      if (outgrown) lib.freeBlock(outgrown);
      outgrown = block;
      block = bigger;
      blockBytes = wanted;
    }
    next = 0;
  }
  const at = block + next;
  next += (size + 7) & ~7;
  return at;
}

/** Numbers to wasm. */
export function putList(values: readonly number[]): Address {
  const size = (values.length + 1) * 8;
  const address = room(size);
  const view = heapDoubles(address + size);
  let at = address / 8;
  view[at] = values.length;
  for (let i = 0; i < values.length; i++) view[++at] = values[i]!;
  return address;
}

/** Numbers from wasm. Addresses over 2 GB come as negative numbers. */
export function takeList(from: Address): number[] {
  const address = from >>> 0;
  const at = address / 8;
  const count = heapDoubles(address + 8)[at]!;
  const view = heapDoubles(address + (count + 1) * 8);
  const out = new Array<number>(count);
  for (let i = 0; i < count; i++) out[i] = view[at + 1 + i]!;
  return out;
}

/** One number of such a list, where making an array of them would take longer than the work behind it. */
export function takeItem(from: Address, index: number): number {
  const address = from >>> 0;
  return heapDoubles(address + (index + 2) * 8)[address / 8 + 1 + index]!;
}

const encoder = new TextEncoder();
// A text may start with U+FEFF; it is no mark of its encoding here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function putText(text: string): Address {
  const utf8 = encoder.encode(text);
  const address = room(utf8.length + 4);
  const end = address + utf8.length + 4;
  heapWords(end)[address / 4] = utf8.length;
  heapBytes(end).set(utf8, address + 4);
  return address;
}

export function takeText(from: Address): string {
  const address = from >>> 0;
  const view = heapWords(address + 8);
  const length = view[address / 4]!;
  const start = view[address / 4 + 1]!;
  // A copy: TextDecoder refuses shared memory.
  return decoder.decode(heapBytes(start + length).slice(start, start + length));
}

/** Lends bytes, one array after the other, to wasm while `use` runs. */
export function withBytes<R>(parts: readonly Uint8Array[], use: (address: Address, size: number) => R): R {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const lent = lib.newBlock(size + 1) >>> 0;
  try {
    let at = lent;
    for (const part of parts) {
      heapBytes(lent + size).set(part, at);
      at += part.length;
    }
    return use(lent, size);
  } finally {
    lib.freeBlock(lent);
  }
}
/** The same with a text of any length, as UTF-8. */
export const withText = <R>(text: string, use: (address: Address, size: number) => R): R =>
  withBytes([encoder.encode(text)], use);

/** The pieces of a text, each ended by NUL. */
export const takePieces = (address: Address): string[] => takeText(address).split('\0').slice(0, -1);

// JavaScript functions that C++ may call, until it forgets them.
type Callback = (a: number, b: number) => number;
const callbacks = new Map<number, Callback>();
let lastCallback = 0;
let pendingError: { error: unknown } | undefined;

export function registerCallback(callback: Callback): number {
  callbacks.set(++lastCallback, callback);
  return lastCallback;
}

const callbackFailed = -1;

export const nativeHooks = {
  callback(id: number, a: number, b: number): number {
    try {
      return callbacks.get(id)!(a, b);
    } catch (error) {
      pendingError = { error };
      return callbackFailed;
    }
  },
  forget(id: number): void {
    callbacks.delete(id);
  },
  /** The error to throw for a failed call: a callback's own, if that is what failed. */
  raise(kind: number, message: string, make: (kind: number, message: string) => unknown): unknown {
    if (kind !== callbackFailed || !pendingError) return make(kind, message);
    const { error } = pendingError;
    pendingError = undefined;
    return error;
  },
};
