// Whole models by their names, and GPT-2's weights under HuggingFace's.
import { FluxionError } from '../errors.ts';
import {
  CharRNN,
  type CharRNNOptions,
  GPT,
  type GPTOptions,
  ResNet,
  VAE,
  type VAEOptions,
} from '../generated/modules.ts';
import { AvgPool2d, Conv2d, Flatten, Linear, Tanh } from '../generated/modules.ts';
import { choice, integer, options } from '../args.ts';
import { tensorHandle, tidy } from '../handles.ts';
import { Sequential } from '../nn/containers.ts';
import type { StateDict } from '../nn/module.ts';

/** Options of the models of images. */
export interface ImageModelOptions {
  /** How many classes are told apart; 10 by default. */
  numClasses?: number;
  /** Channels of the images. */
  inChannels?: number;
}

function imageNumbers(op: string, o: ImageModelOptions | undefined, inChannels: number): [number, number] {
  const known = options(op, o, 'numClasses inChannels');
  return [
    integer(known.numClasses ?? 10, op, 'numClasses'),
    integer(known.inChannels ?? inChannels, op, 'inChannels'),
  ];
}

/**
 * The network of LeCun et al. 1998 (http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf) for images [N, inChannels, 32, 32],
 * of one channel by default: two convolutions of 5×5 with tanh and mean pools, three linear layers; 61,706 weights.
 *
 * @example
 * ```ts
 * lenet5().parameterCount() // 61706
 * ```
 */
export function lenet5(o?: ImageModelOptions): Sequential {
  const [numClasses, inChannels] = imageNumbers('lenet5', o, 1);
  return new Sequential(
    new Conv2d(inChannels, 6, 5),
    new Tanh(),
    new AvgPool2d(2),
    new Conv2d(6, 16, 5),
    new Tanh(),
    new AvgPool2d(2),
    new Flatten(),
    new Linear(400, 120),
    new Tanh(),
    new Linear(120, 84),
    new Tanh(),
    new Linear(84, numClasses),
  );
}

/**
 * ResNet-18 (He et al. 2015, https://arxiv.org/abs/1512.03385) for images of about 32×32, of three channels by default:
 * torchvision's keys, a 3×3 stem without pooling; 11,173,962 weights for ten classes.
 *
 * @example
 * ```ts
 * resnet18({ numClasses: 10 }).parameterCount() // 11173962
 * ```
 */
export function resnet18(o?: ImageModelOptions): ResNet {
  const [numClasses, inChannels] = imageNumbers('resnet18', o, 3);
  return new ResNet([2, 2, 2, 2], { numClasses, inChannels });
}

/**
 * The paper's ResNet-20 for CIFAR-10. Its shortcuts are padded ('pad', option A: 269,722 weights), or convolutions
 * ('conv', option B: 272,474).
 *
 * @example
 * ```ts
 * [resnet20().parameterCount(), resnet20({ shortcut: 'conv' }).parameterCount()] // [269722, 272474]
 * ```
 */
export function resnet20(o: ImageModelOptions & { shortcut?: 'pad' | 'conv' } = {}): ResNet {
  const { shortcut = 'pad', ...rest } = options('resnet20', o, 'numClasses inChannels shortcut');
  const [numClasses, inChannels] = imageNumbers('resnet20', rest, 3);
  return new ResNet([3, 3, 3], { baseWidth: 16, numClasses, inChannels, shortcut });
}

/** Options of the models of characters. */
export interface CharModelOptions extends Omit<CharRNNOptions, 'kind'> {
  /** Numbers for each character; 32 by default. */
  embedDim?: number;
  /** Numbers in the state; 128 by default. */
  hiddenSize?: number;
}

function charModel(
  op: string,
  kind: 'rnn' | 'lstm' | 'gru',
  vocabSize: number,
  o?: CharModelOptions,
): CharRNN {
  const known = options(op, o, 'embedDim hiddenSize numLayers dropout dtype');
  const { embedDim = 32, hiddenSize = 128, ...rest } = known;
  return new CharRNN(vocabSize, embedDim, hiddenSize, { ...rest, kind });
}

/**
 * A language model of characters with an RNN: int32 ids [N, T] to logits [N, T, vocabSize].
 *
 * @example
 * ```ts
 * charRNN(11, { hiddenSize: 8 }).forward(zeros([1, 6], { dtype: 'int32' })).shape // [1, 6, 11]
 * ```
 */
export const charRNN = (vocabSize: number, o?: CharModelOptions): CharRNN =>
  charModel('charRNN', 'rnn', vocabSize, o);

/**
 * The same with an LSTM.
 *
 * @example
 * ```ts
 * charLSTM(11, { hiddenSize: 8 }).forward(zeros([1, 6], { dtype: 'int32' })).shape // [1, 6, 11]
 * ```
 */
export const charLSTM = (vocabSize: number, o?: CharModelOptions): CharRNN =>
  charModel('charLSTM', 'lstm', vocabSize, o);

/**
 * The same with a GRU.
 *
 * @example
 * ```ts
 * charGRU(11, { hiddenSize: 8 }).forward(zeros([1, 6], { dtype: 'int32' })).shape // [1, 6, 11]
 * ```
 */
export const charGRU = (vocabSize: number, o?: CharModelOptions): CharRNN =>
  charModel('charGRU', 'gru', vocabSize, o);

/**
 * A variational autoencoder (Kingma and Welling 2013, https://arxiv.org/abs/1312.6114) of vectors in [0, 1], by default
 * of 784 numbers. Train it on its own input: `model.fit(x, x, { loss: new nn.VAELoss(), optimizer })`.
 *
 * @example
 * ```ts
 * vae({ inputSize: 6, hiddenSize: 5, latentSize: 2 }).decode(zeros([1, 2])).shape // [1, 6]
 * ```
 */
export function vae(o: VAEOptions & { inputSize?: number } = {}): VAE {
  const { inputSize = 784, ...rest } = options('vae', o, 'inputSize hiddenSize latentSize seed dtype');
  return new VAE(inputSize, rest);
}

const sizes = ['gpt2', 'gpt2-medium', 'gpt2-large', 'gpt2-xl'] as const;
/** The sizes that GPT-2 was published in: 124, 355, 774 and 1,558 million weights. */
export type GPT2Size = (typeof sizes)[number];

/**
 * A model of GPT-2's shape (Radford et al. 2019) with a tied head and starting weights; options replace its sizes.
 *
 * @example
 * ```ts
 * gpt2('gpt2', { nLayer: 1, vocabSize: 50, nEmbd: 48, blockSize: 8 }).wte.weight.shape // [50, 48]
 * ```
 */
export function gpt2(size: GPT2Size = 'gpt2', o: Partial<GPTOptions> = {}): GPT {
  const i = choice(size, 'gpt2', 'size', sizes);
  const nHead = [12, 16, 20, 25][i]!;
  return new GPT({
    vocabSize: 50257,
    nLayer: 12 * (i + 1),
    nHead,
    nEmbd: 64 * nHead,
    blockSize: 1024,
    tieWeights: true,
    ...o,
  });
}

/**
 * The weights of a GPT-2 under the names of `nn.GPT`, from HuggingFace's: with or without `transformer.` before them, the
 * weights of its Conv1D turned, `attn.bias` and `attn.masked_bias`, which are masks, left out, and the token embedding
 * as the head where there is none.
 *
 * @example
 * ```ts
 * Object.keys(gpt2State({ 'wte.weight': zeros([5, 4]), 'h.0.attn.c_attn.weight': zeros([4, 12]) }))
 * // ["wte.weight", "h.0.attn.in_proj_weight", "lm_head.weight"]
 * ```
 */
export function gpt2State(state: StateDict): StateDict {
  return tidy(() => {
    const out: StateDict = {};
    for (const [name, tensor] of Object.entries(state)) {
      tensorHandle(tensor, 'gpt2State', `'${name}'`);
      const key = name.replace(/^transformer\./, '');
      if (/^h\.\d+\.attn\.(masked_)?bias$/.test(key)) continue;
      if (
        !/^(wte|wpe|lm_head)\.weight$|^(h\.\d+\.(ln_[12]|attn\.c_(attn|proj)|mlp\.c_(fc|proj))|ln_f)\.(weight|bias)$/.test(
          key,
        )
      )
        throw new FluxionError(`gpt2State: '${name}' is no key of a GPT-2`);
      out[key.replace('attn.c_attn.', 'attn.in_proj_').replace('attn.c_proj', 'attn.out_proj')] =
        /\.c_\w+\.weight$/.test(key) ? tensor.t().contiguous() : tensor.detach();
    }
    if (out['wte.weight'] && !out['lm_head.weight']) out['lm_head.weight'] = out['wte.weight'].detach();
    return out;
  });
}

/**
 * A GPT-2 with the weights of a state dict that has HuggingFace's names, such as
 * `io.loadSafetensors(bytes)` of its `model.safetensors`. Sizes are read off the weights; heads are 64 wide, as GPT-2's,
 * unless their number is given.
 *
 * @example
 * ```ts
 * const state = { 'wte.weight': ones([5, 4]), 'wpe.weight': ones([6, 4]), 'ln_f.weight': ones([4]), 'ln_f.bias': zeros([4]) };
 * gpt2FromState(state).forward(zeros([1, 3], { dtype: 'int32' })).shape // [1, 3, 5]
 * ```
 */
export function gpt2FromState(state: StateDict, o: { nHead?: number } = {}): GPT {
  const { nHead } = options('gpt2FromState', o, 'nHead');
  return tidy(() => {
    const own = gpt2State(state);
    const [tokens, positions, head] = ['wte.weight', 'wpe.weight', 'lm_head.weight'].map((k) => own[k]);
    if (tokens?.dim() !== 2 || positions?.dim() !== 2)
      throw new FluxionError('gpt2FromState: needs wte.weight and wpe.weight, matrices both');
    const [vocabSize, nEmbd] = tokens.shape as [number, number];
    const tied = String(head!.shape) === String(tokens.shape) && Boolean(head!.eq(tokens).all().item());
    const layers = Object.keys(own).map((key) => Number(/^h\.(\d+)\./.exec(key)?.[1] ?? -1));
    const model = new GPT({
      vocabSize,
      nLayer: Math.max(...layers) + 1,
      nHead: nHead ?? Math.max(1, Math.floor(nEmbd / 64)),
      nEmbd,
      blockSize: positions.shape[0]!,
      tieWeights: tied,
      dtype: tokens.dtype,
    });
    model.loadStateDict(own);
    return model;
  });
}
