// Tokens and sampling.
import {
  choice,
  fileBytes,
  flag,
  given,
  integer,
  number,
  options,
  optionalInteger,
  refuse,
  string,
  strings,
} from './args.ts';
import { FluxionError } from './errors.ts';
import { tensorHandle, wrap } from './handles.ts';
import { type Handle, lib, putText, takePieces, takeText, withBytes, withText } from './native.ts';
import { calledForward } from './nn/called.ts';
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

export interface BPETrainOptions {
  /** Tokens in all: the special ones, 256 bytes, and merges. A short text may give fewer. */
  vocabSize: number;
  /** A pair seen less often is not merged. 2 by default. */
  minFrequency?: number;
  /** Texts such as '<|endoftext|>' that are one token each, never cut or merged. None by default. */
  specialTokens?: readonly string[];
}

const bpes = new FinalizationRegistry<Handle>((handle) => lib.releaseBpe(handle));

/** A file's text as it is, or its bytes. */
const content = (file: unknown, op: string, name: string): Uint8Array =>
  typeof file === 'string' ? new TextEncoder().encode(file) : fileBytes(file, op, name);

/**
 * Byte-level byte-pair encoding, as in GPT-2: texts are cut into words, numbers, other signs and white space; within
 * each piece the bytes merge, the most frequent pair of the training text first. Every text can be encoded. Encoding n
 * bytes takes O(n log n) time.
 *
 * Sennrich et al. 2016, https://arxiv.org/abs/1508.07909; Radford et al. 2019 (GPT-2).
 *
 * @example
 * ```ts
 * const tokenizer = text.BPETokenizer.train('low low low lower', { vocabSize: 300 });
 * tokenizer.encode('slow low').toArray().map((id) => tokenizer.decode(tensor([id], { dtype: 'int32' }))) // ["s", "low", " low"]
 * ```
 */
export class BPETokenizer {
  readonly #handle: Handle;

  private constructor(handle: Handle) {
    this.#handle = handle;
    bpes.register(this, handle);
  }

  /** Learns the merges of a text. The same text and options give the same tokenizer as HuggingFace's BpeTrainer. */
  static train(corpus: string, o: BPETrainOptions): BPETokenizer {
    const op = 'BPETokenizer.train';
    const known = options(op, o, 'vocabSize minFrequency specialTokens');
    const { vocabSize, minFrequency = 2, specialTokens = [] } = known;
    const numbers = [integer(vocabSize, op, 'vocabSize'), integer(minFrequency, op, 'minFrequency')] as const;
    const handle = withText(string(corpus, op, 'corpus'), (address, size) =>
      lib.trainBpe(address, size, ...numbers, putText(strings(specialTokens, op, 'specialTokens'))),
    );
    return new BPETokenizer(handle);
  }

  /**
   * HuggingFace's tokenizer.json with a byte-level BPE model and GPT-2's way of cutting; another model, pre-tokenizer or
   * a normalizer is a ParseError that names it. A template of special tokens around the text (post_processor) is not
   * applied.
   *
   * @example
   * ```ts
   * const tokenizer = text.BPETokenizer.train('low low lower', { vocabSize: 300, specialTokens: ['<|end|>'] });
   * text.BPETokenizer.load(tokenizer.save()).tokenToId('<|end|>') // 0
   * ```
   */
  static load(file: string | Uint8Array | ArrayBuffer): BPETokenizer {
    const bytes = content(file, 'BPETokenizer.load', 'file');
    return new BPETokenizer(withBytes([bytes], (address, size) => lib.loadBpe(address, size)));
  }

  /**
   * GPT-2's vocab.json and merges.txt. `specialTokens` names those of the vocabulary that are special; without it that is
   * '<|endoftext|>', where it is there.
   */
  static loadGPT2(
    vocab: string | Uint8Array | ArrayBuffer,
    merges: string | Uint8Array | ArrayBuffer,
    o: { specialTokens?: readonly string[] } = {},
  ): BPETokenizer {
    const op = 'BPETokenizer.loadGPT2';
    const { specialTokens } = options(op, o, 'specialTokens');
    const files = [content(vocab, op, 'vocab'), content(merges, op, 'merges')] as const;
    const handle = withBytes(files, (address, size) =>
      lib.loadGpt2Bpe(
        address,
        files[0].length,
        size,
        given(specialTokens),
        putText(strings(specialTokens ?? [], op, 'specialTokens')),
      ),
    );
    return new BPETokenizer(handle);
  }

  /** The text of a tokenizer.json, which `load` and HuggingFace's libraries read. */
  save(): string {
    return takeText(lib.saveBpe(this.#handle));
  }

  /** One more than the highest id. */
  get vocabSize(): number {
    return lib.bpeSize(this.#handle);
  }

  /** The id of a token, special ones included; undefined where there is none. */
  tokenToId(token: string): number | undefined {
    const id = lib.bpeId(this.#handle, putText(string(token, 'BPETokenizer.tokenToId', 'token')));
    return id < 0 ? undefined : id;
  }

  /** int32 ids [number of tokens]. Special tokens are found wherever the text has them. */
  encode(text: string): Tensor {
    const handle = withText(string(text, 'BPETokenizer.encode', 'text'), (address, size) =>
      lib.bpeEncode(this.#handle, address, size),
    );
    return wrap(handle, 'encode');
  }

  /** The text of int32 ids of any shape. Bytes that make no character, as of ids cut apart, become U+FFFD. */
  decode(ids: Tensor, o: { skipSpecialTokens?: boolean } = {}): string {
    const op = 'BPETokenizer.decode';
    const { skipSpecialTokens = false } = options(op, o, 'skipSpecialTokens');
    const skip = flag(skipSpecialTokens, op, 'skipSpecialTokens');
    return takeText(lib.bpeDecode(this.#handle, tensorHandle(ids, op, 'ids'), skip));
  }
}

export interface VectorizerOptions {
  /** 'word', the default, or 'char'. */
  unit?: 'char' | 'word';
  /** Ids in all, padding and unknown included; 0, the default, means as many as there are. */
  maxTokens?: number;
  /** A unit seen less often is unknown. 1 by default. */
  minFrequency?: number;
  /** Whether case is set aside. True by default. */
  lowercase?: boolean;
}

const vectorizers = new FinalizationRegistry<Handle>((handle) => lib.releaseVectorizer(handle));

/**
 * Texts to rows of equal length: the ids of their words or characters, or how often each is there (a bag of words).
 * Fitted on the texts given: id 0 pads, 1 is what they did not have, then come their units by falling frequency, equals
 * in the order of their UTF-8 bytes. Words are what stands between white space and ASCII punctuation; the apostrophe
 * belongs to a word.
 *
 * @example
 * ```ts
 * const words = new text.Vectorizer(['the cat', 'the dog']);
 * words.encode(['The dog!', 'a cat and a dog'], { length: 3 }).toArray() // [[2, 4, 0], [1, 3, 1]]
 * ```
 */
export class Vectorizer {
  readonly #handle: Handle;
  readonly #lowercase: boolean;

  constructor(texts: readonly string[], o?: VectorizerOptions) {
    const op = 'Vectorizer';
    const known = options(op, o, 'unit maxTokens minFrequency lowercase');
    const { unit = 'word', maxTokens = 0, minFrequency = 1, lowercase = true } = known;
    this.#lowercase = flag(lowercase, op, 'lowercase') === 1;
    const numbers = [
      choice(unit, op, 'unit', ['char', 'word']),
      integer(maxTokens, op, 'maxTokens'),
      integer(minFrequency, op, 'minFrequency'),
    ] as const;
    this.#handle = this.#with(texts, op, (address, size) => lib.newVectorizer(address, size, ...numbers));
    vectorizers.register(this, this.#handle);
  }

  #with<R>(texts: readonly string[], op: string, use: (address: number, size: number) => R): R {
    const joined = strings(texts, op, 'texts');
    return withText(this.#lowercase ? joined.toLowerCase() : joined, use);
  }

  /** The units by id; those of padding and unknown are '' and U+FFFD. */
  get tokens(): string[] {
    return takePieces(lib.vectorizerTokens(this.#handle));
  }

  /** Number of ids. */
  get vocabSize(): number {
    return this.tokens.length;
  }

  /** int32 ids [N, length]: longer texts are cut, shorter ones padded behind. Without a length, that of the longest. */
  encode(texts: readonly string[], o: { length?: number } = {}): Tensor {
    const op = 'Vectorizer.encode';
    const { length = 0 } = options(op, o, 'length');
    const columns = integer(length, op, 'length');
    const handle = this.#with(texts, op, (address, size) =>
      lib.vectorizerEncode(this.#handle, address, size, columns),
    );
    return wrap(handle, 'encode');
  }

  /**
   * float32 [N, vocabSize]: how often each unit is in each text.
   *
   * @example
   * ```ts
   * new text.Vectorizer(['ab'], { unit: 'char' }).counts(['abba', 'cab']).toArray() // [[0, 0, 2, 2], [0, 1, 1, 1]]
   * ```
   */
  counts(texts: readonly string[]): Tensor {
    const op = 'Vectorizer.counts';
    const handle = this.#with(texts, op, (address, size) =>
      lib.vectorizerCounts(this.#handle, address, size),
    );
    return wrap(handle, 'counts');
  }

  /** The texts of ids [N, length] or [length], padding left out, words with a space between. */
  decode(ids: Tensor): string[] {
    return takePieces(lib.vectorizerDecode(this.#handle, tensorHandle(ids, 'Vectorizer.decode', 'ids')));
  }
}

export interface GenerateOptions {
  /** Below 1 sharper, above 1 flatter; 0 takes the likeliest. 1 by default. */
  temperature?: number;
  /** Only the k likeliest are drawn from; 0, the default, means all. */
  topK?: number;
  /**
   * Of those only the fewest likeliest whose probabilities sum to `topP` (Holtzman et al. 2019,
   * https://arxiv.org/abs/1904.09751); 1, the default, means all.
   */
  topP?: number;
  /**
   * Logits of tokens that the row has already are divided by it where positive, else multiplied (Keskar et al. 2019,
   * https://arxiv.org/abs/1909.05858). Above 1 against repetition; 1 by default.
   */
  repetitionPenalty?: number;
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
      topP = 1,
      repetitionPenalty = 1,
      seed = null,
      contextLength = 0,
    } = options('generate', o, 'temperature topK topP repetitionPenalty seed contextLength');
    const prompt = tensorHandle(ids, 'generate', 'ids');
    const numbers = [
      number(temperature, 'generate', 'temperature'),
      integer(topK, 'generate', 'topK'),
      number(topP, 'generate', 'topP'),
      number(repetitionPenalty, 'generate', 'repetitionPenalty'),
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
 * Fluxion's own decoders (`nn.GPT`, `nn.Llama`, `nn.CharRNN`) in evaluation mode keep what they have read: each token costs
 * one pass over one place, as long as the sequence fits `contextLength`. Other models read all of it every time.
 *
 * @example
 * ```ts
 * const model = new nn.GPT({ vocabSize: 5, blockSize: 8 }).eval();
 * text.generate(model, tensor([1, 2], { dtype: 'int32' }), 3, { topP: 0.9, seed: 1, contextLength: 8 }).shape // [5]
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
