// Hand-written backpropagation: each layer computes its own gradients, and every number on the way can be looked at.
import { choice, flag, integer, integers, number, options, refuse } from './args.ts';
import { type DType, dtypeNumber } from './dtype.ts';
import { FluxionError } from './errors.ts';
import { tensorHandle, wrap } from './handles.ts';
import { type Handle, lib, putList, putText, takeText } from './native.ts';
import type { Tensor } from './tensor.ts';

// In the order of Kind in bindings/manual.cpp.
const kinds = [
  'Dense',
  'Conv2d',
  'MaxPool2d',
  'AvgPool2d',
  'Flatten',
  'BatchNorm',
  'LayerNorm',
  'Dropout',
  'SingleHeadAttention',
  'MultiHeadAttention',
  'Residual',
  'Embedding',
  'PositionalEncoding',
  'RNNCell',
  'LSTMCell',
  'MSE',
  'SoftmaxCrossEntropy',
  'Network',
  'NeuralBlock',
] as const;

// What layers do that takes numbers or handles; in the order of Action in bindings/manual.cpp.
const actions = [
  'forward',
  'backward',
  'update',
  'setTraining',
  'setLossTarget',
  'add',
  'setLoss',
  'setInput',
  'setTarget',
  'initializeNetwork',
  'loss',
  'train',
  'predict',
] as const;

// In the order of Activation and LossKind in cpp/fluxion/manual.
const activations = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'] as const;
const losses = ['mse', 'crossEntropy'] as const;

/** y = z, max(0, z), z or 0.01·z below 0, 1/(1 + e⁻ᶻ), tanh(z). */
export type Activation = (typeof activations)[number];

const layers = new FinalizationRegistry<Handle>((handle) => lib.manualRelease(handle));
const activationIndex = (value: Activation, type: string): number =>
  choice(value, type, 'activation', activations);

/**
 * A layer whose gradients are written by hand. `initialize` makes all its buffers for one size of input; from then on it
 * allocates nothing. Each buffer has the name that it has in the formulas:
 *
 * - `x`, `y`: input and output; `dx`, `dy`: their gradients, dL/dx and dL/dy
 * - `W`, `b`: weights and bias; `dW`, `db`: their gradients
 * - `z`, `dz`: what goes into the activation, y = f(z), and its gradient
 *
 * and more, layer by layer; `bufferNames` lists them.
 *
 * Errors: ShapeError when the input does not fit the layer; DTypeError when the dtype is not a float's; FluxionError
 * before `initialize`, for a name that no buffer has, and for arguments out of range.
 *
 * @example
 * ```ts
 * const dense = new manual.Dense(1, 'relu');
 * dense.initialize([1, 2]);
 * dense.setBuffer('W', tensor([[2, 3]]));
 * dense.setBuffer('b', tensor([0.5]));
 * dense.setBuffer('x', tensor([[1, 4]]));
 * dense.forward();
 * dense.setBuffer('dy', tensor([[10]]));
 * dense.backward();
 * ['y', 'dz', 'dW', 'db', 'dx'].map((name) => dense.buffer(name).toArray()) // [[[14.5]], [[10]], [[10, 40]], [10], [[20, 30]]]
 * ```
 */
export abstract class Layer {
  /** @internal */ readonly typeName: string;
  #handle: Handle;

  /** @internal */
  protected constructor(type: (typeof kinds)[number], args: readonly number[] = []) {
    this.typeName = type;
    this.#handle = lib.manualNew(kinds.indexOf(type), putList(args));
    layers.register(this, this.#handle, this);
  }

  /** @internal */
  get native(): Handle {
    if (!this.#handle) throw new FluxionError(`${this.typeName}: the layer was disposed of`);
    return this.#handle;
  }

  /** @internal */
  protected act(action: (typeof actions)[number], a = 0, b = 0): number {
    return lib.manualAct(this.native, actions.indexOf(action), a, b);
  }

  /** Gives the buffers back now, or, of a layer inside another, with that one. */
  dispose(): void {
    if (!this.#handle) return;
    layers.unregister(this);
    lib.manualRelease(this.#handle);
    this.#handle = 0;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Makes the buffers for inputs of this shape, the batch first, and draws fresh weights. */
  initialize(inputShape: readonly number[], o?: { dtype?: DType }): void {
    const { dtype = 'float32' } = options(this.typeName, o, 'dtype');
    const shape = integers(inputShape, this.typeName, 'inputShape');
    lib.manualInitialize(this.native, shape, dtypeNumber(dtype, this.typeName));
  }

  /** Computes `y` and all between from `x`. */
  forward(): void {
    this.act('forward');
  }

  /** Computes from `dy` the gradients of the weights and `dx`. */
  backward(): void {
    this.act('backward');
  }

  /** Gradient descent: W −= lr·dW for each weight. */
  update(lr: number): void {
    this.act('update', number(lr, this.typeName, 'lr'));
  }

  /** Dropout and BatchNorm tell training, in which layers start, from prediction. */
  setTraining(on: boolean): void {
    this.act('setTraining', flag(on, this.typeName, 'training'));
  }

  /** The names of all buffers, inner layers' with a prefix: 'query.W', '0.dz'. */
  get bufferNames(): string[] {
    return takeText(lib.manualBufferNames(this.native)).split(', ').filter(Boolean);
  }

  /** A copy of a buffer. */
  buffer(name: string): Tensor {
    return wrap(lib.manualBuffer(this.native, this.#name(name)), 'buffer');
  }

  /** Copies values into a buffer of the same shape. */
  setBuffer(name: string, value: Tensor): void {
    const handle = tensorHandle(value, this.typeName, 'value');
    lib.manualSetBuffer(this.native, this.#name(name), handle);
  }

  #name(name: string): number {
    return putText(typeof name === 'string' ? name : refuse(this.typeName, 'the name', 'a text', name));
  }
}

/**
 * A fully connected layer: x [N, …, in] to y = f(z) [N, …, units], z = x·Wᵀ + b. W [units, in] and b [units] start as
 * `nn.Linear`'s.
 *
 * dz = dy·f′(z), dW = dzᵀ·x, db = Σ dz over the batch, dx = dz·W.
 */
export class Dense extends Layer {
  constructor(units: number, activation: Activation = 'linear') {
    super('Dense', [integer(units, 'Dense', 'units'), activationIndex(activation, 'Dense')]);
  }
}

/**
 * A convolution of images: x [N, C, H, W] to y = f(z) [N, channels, H′, W′], H′ = ⌊(H + 2·padding − kernel)/stride⌋ + 1.
 * W [channels, C, kernel, kernel] and b [channels] start as `nn.Conv2d`'s. stride 1, padding 0 and 'linear' by default.
 *
 * @example
 * ```ts
 * const conv = new manual.Conv2d(4, 3, { padding: 1, activation: 'relu' });
 * conv.initialize([2, 1, 8, 8]);
 * conv.forward();
 * conv.buffer('y').shape // [2, 4, 8, 8]
 * ```
 */
export class Conv2d extends Layer {
  constructor(
    channels: number,
    kernel: number,
    o?: { stride?: number; padding?: number; activation?: Activation },
  ) {
    const {
      stride = 1,
      padding = 0,
      activation = 'linear',
    } = options('Conv2d', o, 'stride padding activation');
    super('Conv2d', [
      integer(channels, 'Conv2d', 'channels'),
      integer(kernel, 'Conv2d', 'kernel'),
      integer(stride, 'Conv2d', 'stride'),
      integer(padding, 'Conv2d', 'padding'),
      activationIndex(activation, 'Conv2d'),
    ]);
  }
}

/** By default windows lie side by side (stride = kernel) and padding is 0. */
export interface PoolOptions {
  stride?: number;
  padding?: number;
}

function poolArguments(type: string, kernel: number, o: PoolOptions | undefined): number[] {
  const { stride = kernel, padding = 0 } = options(type, o, 'stride padding');
  if (stride === 0) refuse(type, 'stride', '1 or more', stride);
  return [
    integer(kernel, type, 'kernel'),
    integer(stride, type, 'stride'),
    integer(padding, type, 'padding'),
  ];
}

/** The largest of each window of x [N, C, H, W]; padding never wins. `index` keeps where it lay, as row·W + column. */
export class MaxPool2d extends Layer {
  constructor(kernel: number, o?: PoolOptions) {
    super('MaxPool2d', poolArguments('MaxPool2d', kernel, o));
  }
}

/** The mean of each window of x [N, C, H, W]; padding counts as zeros. */
export class AvgPool2d extends Layer {
  constructor(kernel: number, o?: PoolOptions) {
    super('AvgPool2d', poolArguments('AvgPool2d', kernel, o));
  }
}

/** x [N, …] to [N, product of the rest]. */
export class Flatten extends Layer {
  constructor() {
    super('Flatten');
  }
}

/**
 * y = gamma·xhat + beta, xhat = (x − mean)/√(variance + eps) by the statistics of the batch, channel by channel. x [N, C],
 * [N, C, L] or [N, C, H, W]; gamma (from 1) and beta (from 0) [C]. In training, `runningMean` and `runningVariance` move
 * towards the batch's by the share `momentum`; in prediction they take its place.
 */
export class BatchNorm extends Layer {
  constructor(o?: { eps?: number; momentum?: number }) {
    const { eps = 1e-5, momentum = 0.1 } = options('BatchNorm', o, 'eps momentum');
    super('BatchNorm', [number(eps, 'BatchNorm', 'eps'), number(momentum, 'BatchNorm', 'momentum')]);
  }
}

/** The same by the statistics of each example's features: x [N, …, D], gamma and beta [D]. */
export class LayerNorm extends Layer {
  constructor(o?: { eps?: number }) {
    const { eps = 1e-5 } = options('LayerNorm', o, 'eps');
    super('LayerNorm', [number(eps, 'LayerNorm', 'eps')]);
  }
}

/** y = x·mask; in training each mask value is 0 with probability p (0.5 by default) and 1/(1 − p) otherwise. */
export class Dropout extends Layer {
  constructor(p = 0.5) {
    super('Dropout', [number(p, 'Dropout', 'p')]);
  }
}

/** causal (false by default): a position does not see those that come later. */
export interface AttentionOptions {
  causal?: boolean;
}

const causalFlag = (type: string, o: AttentionOptions | undefined): number =>
  flag(options(type, o, 'causal').causal ?? false, type, 'causal');

/**
 * Self-attention with one head: x [N, T, E] to y = softmax(Q·Kᵀ/√width)·V [N, T, width]; Q, K and V are made by the
 * inner `Dense` layers `query`, `key` and `value`. `scores` and `weights` [1, N, T, T] are before and after the softmax.
 */
export class SingleHeadAttention extends Layer {
  constructor(width: number, o?: AttentionOptions) {
    const units = integer(width, 'SingleHeadAttention', 'width');
    super('SingleHeadAttention', [units, causalFlag('SingleHeadAttention', o)]);
  }
}

/** Self-attention with several heads of E/heads columns each; what they give, `mixed`, goes through the layer `out`. */
export class MultiHeadAttention extends Layer {
  constructor(heads: number, o?: AttentionOptions) {
    const count = integer(heads, 'MultiHeadAttention', 'heads');
    super('MultiHeadAttention', [count, causalFlag('MultiHeadAttention', o)]);
  }
}

function layerHandle(layer: Layer, type: string, name: string): Handle {
  return layer instanceof Layer ? layer.native : refuse(type, name, 'a layer of manual', layer);
}

/** y = x + f(x), f being another layer that keeps the shape (a `Network` for several). */
export class Residual extends Layer {
  constructor(layer: Layer) {
    super('Residual', [layerHandle(layer, 'Residual', 'layer')]);
  }
}

/** A row of W [count, width] for each index: x int32 [N, …] to y [N, …, width]. There is no dx. */
export class Embedding extends Layer {
  constructor(count: number, width: number) {
    super('Embedding', [integer(count, 'Embedding', 'count'), integer(width, 'Embedding', 'width')]);
  }
}

/** y = x + P, x [N, T, E]; P[t, 2i] = sin(t/10000^(2i/E)), P[t, 2i + 1] its cosine. */
export class PositionalEncoding extends Layer {
  constructor() {
    super('PositionalEncoding');
  }
}

/**
 * h = f(z), z = x·Wxᵀ + h′·Whᵀ + b, h′ being the step before. x is one step, [N, in], or a sequence, [N, T, in], and y
 * every step's h. It starts from `h0` (zeros, unless set), whose gradient is `dh` in the end.
 */
export class RNNCell extends Layer {
  constructor(units: number, activation: Activation = 'tanh') {
    super('RNNCell', [integer(units, 'RNNCell', 'units'), activationIndex(activation, 'RNNCell')]);
  }
}

/**
 * z = x·Wxᵀ + h′·Whᵀ + b makes the gates i, f, o (sigmoid) and the candidate g (tanh), side by side in `gates` as i, f,
 * g, o; c = f·c′ + i·g and h = o·tanh(c). Starts from `h0` and `c0`, whose gradients are `dh` and `dc` in the end.
 */
export class LSTMCell extends Layer {
  constructor(units: number) {
    super('LSTMCell', [integer(units, 'LSTMCell', 'units')]);
  }
}

/** A loss: x is the prediction, y one number, and dx where a network's backward pass begins. */
export abstract class Loss extends Layer {
  /** Copies the target in. */
  setTarget(target: Tensor): void {
    this.act('setLossTarget', tensorHandle(target, this.typeName, 'target'));
  }
}

/** The mean of (x − target)². dx = 2·(x − target)/count. */
export class MSE extends Loss {
  constructor() {
    super('MSE');
  }
}

/**
 * −Σ t·log p over the classes, p = softmax(x), averaged over the rows of x [N, …, C]. The target is each row's class,
 * int32 [N, …], or the probabilities t [N, …, C]. dx = (p − t)/rows.
 */
export class SoftmaxCrossEntropy extends Loss {
  constructor() {
    super('SoftmaxCrossEntropy');
  }
}

/** float32 by default. */
export interface NetworkOptions {
  dtype?: DType;
}

abstract class Trained extends Layer {
  constructor(type: 'Network' | 'NeuralBlock', o: NetworkOptions | undefined) {
    const { dtype = 'float32' } = options(type, o, 'dtype');
    super(type, [dtypeNumber(dtype, type)]);
  }

  /** The batch to train on, copied. Before `initialize` of any shape; afterwards of that one. */
  setInput(input: Tensor): void {
    this.act('setInput', tensorHandle(input, this.typeName, 'input'));
  }

  /** Copied, as the loss takes it. */
  setTarget(target: Tensor): void {
    this.act('setTarget', tensorHandle(target, this.typeName, 'target'));
  }

  /** Makes all buffers for the input that was set, and draws fresh weights; as an inner layer, for the given shape. */
  override initialize(inputShape?: readonly number[], o?: { dtype?: DType }): void {
    if (inputShape === undefined) this.act('initializeNetwork');
    else super.initialize(inputShape, o);
  }

  /** The loss of the last `forward`. */
  get loss(): number {
    return this.act('loss');
  }

  /** `epochs` times forward, backward and update on the whole batch, in one call; gives the loss before the last update. */
  train(lr: number, epochs: number): number {
    const rate = number(lr, this.typeName, 'lr');
    return this.act('train', rate, integer(epochs, this.typeName, 'epochs'));
  }

  /** The output for any number of examples, without dropout; the batch that was set stays set. */
  predict(input: Tensor): Tensor {
    return wrap(this.act('predict', tensorHandle(input, this.typeName, 'input')), 'predict');
  }
}

/**
 * Layers one after the other. Their buffers are named by position: '0.W', '2.dx', 'loss.target'. With a loss and a
 * target, `forward` ends in the loss and `backward` begins there.
 *
 * @example
 * ```ts
 * manualSeed(3);
 * const net = new manual.Network();
 * net.add(new manual.Conv2d(4, 3, { activation: 'relu' }));
 * net.add(new manual.Flatten());
 * net.add(new manual.Dense(2));
 * net.setLoss(new manual.SoftmaxCrossEntropy());
 * net.setInput(randn([8, 1, 5, 5]));
 * net.setTarget(tensor([0, 1, 0, 1, 0, 1, 0, 1], { dtype: 'int32' }));
 * net.initialize();
 * net.train(0.1, 200);
 * [net.loss < 0.1, ...net.buffer('0.dW').shape] // [true, 4, 1, 3, 3]
 * ```
 */
export class Network extends Trained {
  constructor(o?: NetworkOptions) {
    super('Network', o);
  }

  /** Appends a layer; before `initialize`. A layer has one place only. */
  add(layer: Layer): this {
    this.act('add', layerHandle(layer, 'Network', 'layer'));
    return this;
  }

  /** Sets the loss; before `initialize`. */
  setLoss(loss: Loss): void {
    if (!(loss instanceof Loss)) refuse('Network', 'loss', 'a loss of manual', loss);
    this.act('setLoss', loss.native);
  }
}

/**
 * Fully connected layers in as few words as possible. The size of the input follows from `setInput`.
 *
 * @example
 * ```ts
 * manualSeed(1);
 * const block = new manual.NeuralBlock();
 * block.addLayer(8, 'tanh');
 * block.addLayer(1, 'sigmoid');
 * block.setLoss('mse');
 * block.setInput(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]));
 * block.setTarget(tensor([[0], [1], [1], [0]]));
 * block.initialize();
 * block.train(2, 2000);
 * block.predict(tensor([[0, 1], [1, 1]])).round().toArray() // [[1], [0]]
 * ```
 */
export class NeuralBlock extends Trained {
  constructor(o?: NetworkOptions) {
    super('NeuralBlock', o);
  }

  /** Appends units with an activation; before `initialize`. */
  addLayer(units: number, activation: Activation): this {
    const name = 'addLayer';
    const layer = new Dense(
      integer(units, name, 'units'),
      activations[choice(activation, name, 'activation', activations)],
    );
    this.act('add', layer.native);
    layer.dispose();
    return this;
  }

  /** 'crossEntropy' is of softmax: the last layer is linear, and `predict` gives scores. */
  setLoss(loss: (typeof losses)[number]): void {
    const made = choice(loss, 'setLoss', 'loss', losses) === 0 ? new MSE() : new SoftmaxCrossEntropy();
    this.act('setLoss', made.native);
    made.dispose();
  }
}
