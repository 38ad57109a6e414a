// Tokens and sampling.
import { given, integer, number, options, optionalInteger, refuse } from './args.ts';
import { FluxionError } from './errors.ts';
import { tensorHandle, wrap } from './handles.ts';
import { type Handle, lib, putText, takeText } from './native.ts';
import { calledForward } from './nn/fit.ts';
import type { Layer } from './nn/module.ts';
import type { Tensor } from './tensor.ts';

const tokenizers = new FinalizationRegistry<Handle>((handle) => lib.releaseTokenizer(handle));

/**
 * One token for each character (Unicode code point) of a corpus, in sorted order.
 *
 * @example
 * ```ts
 * new text.CharTokenizer('hello').encode('hole').toArray() // [1, 3, 2, 0]
 * ```
 */
export class CharTokenizer {
  readonly #handle: Handle;

  constructor(corpus: string) {
    if (typeof corpus !== 'string') refuse('CharTokenizer', 'corpus', 'a text', corpus);
    this.#handle = lib.newTokenizer(putText(corpus));
    tokenizers.register(this, this.#handle);
  }

  /** Number of different characters. */
  get vocabSize(): number {
    return lib.tokenizerSize(this.#handle);
  }

  /** All characters, in the order of their ids; `new CharTokenizer(vocabulary)` is this tokenizer again. */
  get vocabulary(): string {
    return takeText(lib.tokenizerVocabulary(this.#handle));
  }

  /** int32 ids, one for each character. */
  encode(text: string): Tensor {
    if (typeof text !== 'string') refuse('encode', 'text', 'a text', text);
    return wrap(lib.tokenizerEncode(this.#handle, putText(text)), 'encode');
  }

  /** The text of int32 ids of any shape. */
  decode(ids: Tensor): string {
    return takeText(lib.tokenizerDecode(this.#handle, tensorHandle(ids, 'decode', 'ids')));
  }
}

export interface GenerateOptions {
  /** Below 1 sharper, above 1 flatter; 0 takes the likeliest. 1 by default. */
  temperature?: number;
  /** Only the k likeliest are drawn from; 0, the default, means all. */
  topK?: number;
  /** Without one, draws come from the stream that `manualSeed` starts. */
  seed?: number;
  /** The model sees at most so many of the last tokens; 0, the default, means all. */
  contextLength?: number;
}

/** A language model: a module or a function from ids [N, T] to logits [N, T, V]. */
export type LanguageModel = Layer | ((ids: Tensor) => Tensor);

const generations = new FinalizationRegistry<Handle>((handle) => lib.releaseGeneration(handle));

/** Generation token by token, so that a page can show each one as it comes. Put the model into evaluation mode. */
export class Generation {
  #handle: Handle;

  constructor(model: LanguageModel, ids: Tensor, o?: GenerateOptions) {
    const {
      temperature = 1,
      topK = 0,
      seed = null,
      contextLength = 0,
    } = options('generate', o, 'temperature topK seed contextLength');
    const prompt = tensorHandle(ids, 'generate', 'ids');
    const numbers = [
      number(temperature, 'generate', 'temperature'),
      integer(topK, 'generate', 'topK'),
      given(seed),
      optionalInteger(seed, 'generate', 'seed'),
      integer(contextLength, 'generate', 'contextLength'),
    ] as const;
    const { module, callback } = calledForward(model);
    this.#handle = lib.newGeneration(module, callback, prompt, ...numbers);
    generations.register(this, this.#handle, this);
  }

  get #live(): Handle {
    if (!this.#handle) throw new FluxionError('generate: the generation was disposed of');
    return this.#handle;
  }

  /** Draws the next token of every row, int32 [N], and appends it. */
  step(): Tensor {
    return wrap(lib.generationStep(this.#live), 'generate');
  }

  /** The prompt and all tokens so far. */
  get ids(): Tensor {
    return wrap(lib.generationIds(this.#live), 'generate');
  }

  dispose(): void {
    if (!this.#handle) return;
    generations.unregister(this);
    lib.releaseGeneration(this.#handle);
    this.#handle = 0;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * The prompt (int32 [T] or [N, T]) followed by `maxNewTokens` tokens that the model draws one after the other.
 *
 * @example
 * ```ts
 * const model = new nn.GPT({ vocabSize: 5, blockSize: 8 }).eval();
 * text.generate(model, tensor([1, 2], { dtype: 'int32' }), 3, { seed: 1, contextLength: 8 }).shape // [5]
 * ```
 */
export function generate(
  model: LanguageModel,
  ids: Tensor,
  maxNewTokens: number,
  o?: GenerateOptions,
): Tensor {
  const count = integer(maxNewTokens, 'generate', 'maxNewTokens');
  if (count < 0) refuse('generate', 'maxNewTokens', '0 or more', count);
  const generation = new Generation(model, ids, o);
  try {
    for (let i = 0; i < count; i++) generation.step().dispose();
    return generation.ids;
  } finally {
    generation.dispose();
  }
}
