// The byte-pair tokenizer against HuggingFace's own, and its files.
import { Tokenizer } from '@huggingface/tokenizers';
import { DTypeError, FluxionError, IndexError, init, ParseError, type Tensor, tensor, text } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

/** Numbers below `n` from a seed (mulberry32). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

// First and last code points of what a text may mix; the whole of Unicode last.
const scripts: [number, number][] = [
  [0x61, 0x7a],
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x5ff],
  [0x600, 0x6ff],
  [0x900, 0xdff],
  [0x2000, 0x206f],
  [0x2150, 0x218b],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0x1f300, 0x1faff],
  [0x20000, 0x2ffff],
  [0, 0x10ffff],
];
const words = [
  "it's",
  "we'll",
  "I'VE",
  "they'd've",
  'the',
  'Token',
  '2024',
  '½',
  '  ',
  '\n\n',
  ' \n ',
  '\t',
  "'",
];

/** So many UTF-8 bytes of mixed scripts, words, numbers, contractions and white space. */
function mixed(seed: number, bytes: number): string {
  const next = dice(seed);
  const out: string[] = [];
  for (let size = 0; size < bytes; ) {
    const [low, high] = scripts[next(scripts.length)]!;
    let word = next(3) === 0 ? words[next(words.length)]! : '';
    for (let i = next(9); i > 0; i--) {
      const code = low + next(high - low + 1);
      // JavaScript's \s, which the other tokenizer uses, has U+FEFF and lacks U+0085; Unicode says the opposite.
      if ((code < 0xd800 || code > 0xdfff) && code !== 0xfeff && code !== 0x85)
        word += String.fromCodePoint(code);
    }
    if (next(4) > 0) word += ' ';
    out.push(word);
    size += Buffer.byteLength(word);
  }
  return out.join('');
}

const megabyte = mixed(1, 1_000_000);
const theirs = (json: string): Tokenizer => new Tokenizer(JSON.parse(json), {});
const ids = (tokenizer: text.BPETokenizer, content: string): number[] =>
  tokenizer.encode(content).toArray() as number[];

describe('byte-pair encoding', () => {
  const specialTokens = ['<|endoftext|>', '<|a b|>', '日本'];
  const trained = (): text.BPETokenizer =>
    text.BPETokenizer.train(mixed(2, 300_000), { vocabSize: 3000, specialTokens });

  test('has the ids of @huggingface/tokenizers on 1 MB of mixed Unicode', () => {
    const ours = trained();
    expect(ours.vocabSize).toBe(3000);
    const other = theirs(ours.save());
    const got = ids(ours, megabyte);
    expect(got).toEqual(other.encode(megabyte).ids);
    expect(ours.decode(ours.encode(megabyte))).toBe(megabyte);
    console.log(`${Buffer.byteLength(megabyte)} bytes, ${got.length} ids compared`);
  }, 120_000);

  test('and around special tokens, prefixed spaces and stripped ones', () => {
    const json = JSON.parse(trained().save());
    json.added_tokens[1].lstrip = true;
    json.added_tokens[2].rstrip = true;
    for (const prefix of [false, true]) {
      json.pre_tokenizer.add_prefix_space = prefix;
      const file = JSON.stringify(json);
      const [ours, other] = [text.BPETokenizer.load(file), theirs(file)];
      const sample = mixed(3, 20_000);
      const next = dice(4);
      for (let at = 0; at < sample.length; at += 700) {
        const special = specialTokens[next(3)]!;
        const content = `${sample.slice(at, at + 350)} \n${special}  ${special}${sample.slice(at + 350, at + 700)}`;
        // Half a surrogate pair at a cut is U+FFFD for wasm.
        expect(ids(ours, content)).toEqual(other.encode(Buffer.from(content).toString()).ids);
      }
    }
  }, 120_000);

  test('white space is what Unicode says', () => {
    const tokenizer = text.BPETokenizer.train('', { vocabSize: 256 });
    const merged = text.BPETokenizer.train('\u0085a \u0085a \u0085a \ufeff, \ufeff,', { vocabSize: 400 });
    expect(ids(tokenizer, 'ab')).toEqual([64, 65]);
    expect(merged.tokenToId('\u0085a')).toBeUndefined();
    expect(merged.tokenToId(' \ufeff,')).toBeDefined();
    expect(merged.decode(merged.encode('\ufeffa'))).toBe('\ufeffa');
  });

  test('its table of letters and numbers is that of this engine', () => {
    // `a` merges with the first byte of a letter, `1` with that of a number: what follows in the same piece.
    const json = JSON.parse(text.BPETokenizer.train('', { vocabSize: 256 }).save());
    const { vocab, merges } = json.model as { vocab: Record<string, number>; merges: string[][] };
    const characters = Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!);
    for (const first of ['a', '1'])
      for (const second of characters) {
        vocab[first + second] = Object.keys(vocab).length;
        merges.push([first, second]);
      }
    const tokenizer = text.BPETokenizer.load(JSON.stringify(json));
    const [a, one, end] = [vocab.a!, vocab['1']!, vocab['!']!];
    const wrong: string[] = [];
    for (let from = 0; from < 0x110000; from += 0x1000) {
      const codes = [...Array(0x1000).keys()].map((i) => from + i).filter((c) => c < 0xd800 || c > 0xdfff);
      const got = ids(
        tokenizer,
        codes.map((c) => `a${String.fromCodePoint(c)}a1${String.fromCodePoint(c)}1!`).join(''),
      );
      let at = 0;
      for (const code of codes) {
        const character = String.fromCodePoint(code);
        const bytes = [...Buffer.from(character)].map(byteId);
        const joined = (first: number, merging: boolean): number[] =>
          merging
            ? [256 + (first === one ? 256 : 0) + bytes[0]!, ...bytes.slice(1), first]
            : [first, ...bytes, first];
        const expected = [
          ...joined(a, /\p{L}/u.test(character)),
          ...joined(one, /\p{N}/u.test(character)),
          end,
        ];
        if (expected.some((id, i) => got[at + i] !== id)) wrong.push(code.toString(16));
        at += expected.length;
      }
      if (at !== got.length) wrong.push(`the length from ${from.toString(16)} on`);
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  test('saves what it loads', () => {
    const tokenizer = trained();
    const bytes = new TextEncoder().encode(tokenizer.save());
    for (const file of [tokenizer.save(), bytes, bytes.buffer])
      expect(text.BPETokenizer.load(file).save()).toBe(tokenizer.save());
  });

  test("reads GPT-2's two files", () => {
    const tokenizer = text.BPETokenizer.train(megabyte.slice(0, 50_000), {
      vocabSize: 600,
      specialTokens: ['<|endoftext|>'],
    });
    const { model } = JSON.parse(tokenizer.save());
    const merges = `#version: 0.2\n${model.merges.map((pair: string[]) => pair.join(' ')).join('\n')}\n`;
    const read = text.BPETokenizer.loadGPT2(JSON.stringify(model.vocab), merges);
    const content = `${mixed(5, 5000)}<|endoftext|>x`;
    expect(ids(read, content)).toEqual(ids(tokenizer, content));
    const plain = text.BPETokenizer.loadGPT2(JSON.stringify(model.vocab), merges, { specialTokens: [] });
    expect(ids(plain, '<|endoftext|>').length).toBeGreaterThan(1);
    expect(read.decode(tensor([0, 40], { dtype: 'int32' }), { skipSpecialTokens: true })).toBe('H');
  });

  test('refuses nonsense', () => {
    const { BPETokenizer } = text;
    const tokenizer = BPETokenizer.train('', { vocabSize: 256 });
    const refused = (run: () => unknown, kind: typeof FluxionError, message: string): void => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    };
    refused(
      () => BPETokenizer.train(5 as never, { vocabSize: 300 }),
      FluxionError,
      'BPETokenizer.train: corpus must be a text, got 5',
    );
    refused(
      () => BPETokenizer.train('', {} as never),
      FluxionError,
      'BPETokenizer.train: vocabSize must be an integer, got undefined',
    );
    refused(
      () => BPETokenizer.train('', { vocabSize: 10 }),
      FluxionError,
      'BPETokenizer.train: vocabSize must be 256 at least (256 bytes and 0 special tokens), it is 10',
    );
    refused(
      () => BPETokenizer.train('', { vocabSize: 300, specialTokens: ['a\0'] }),
      FluxionError,
      'BPETokenizer.train: specialTokens[0] must be a text without NUL',
    );
    refused(() => BPETokenizer.load('{'), ParseError, 'tokenizer.json: at byte 1');
    refused(
      () => BPETokenizer.load(5 as never),
      FluxionError,
      'BPETokenizer.load: file must be a Uint8Array or an ArrayBuffer, got 5',
    );
    refused(() => BPETokenizer.loadGPT2('{}', 'a'), ParseError, 'merges.txt: line 1 needs two tokens');
    refused(
      () => tokenizer.decode(tensor([256], { dtype: 'int32' })),
      IndexError,
      'BPETokenizer.decode: index 256',
    );
    refused(() => tokenizer.decode(tensor([1])), DTypeError, 'BPETokenizer.decode: indices must be int32');
    expect(tokenizer.tokenToId('nothing')).toBeUndefined();
  });
});

describe('Vectorizer', () => {
  const texts = ['The cat, the dog', 'a Dog isn’t a CAT 🙂'];

  test('fits, encodes, counts and decodes', () => {
    const words = new text.Vectorizer(texts);
    expect(words.tokens).toEqual(['', '\ufffd', 'a', 'cat', 'dog', 'the', 'isn’t', '🙂']);
    expect(words.vocabSize).toBe(8);
    const encoded = words.encode(['THE bird', 'a cat a dog'], { length: 3 });
    expect([encoded.dtype, encoded.toArray()]).toEqual([
      'int32',
      [
        [5, 1, 0],
        [2, 3, 2],
      ],
    ]);
    expect(words.decode(encoded)).toEqual(['the \ufffd', 'a cat a']);
    expect(words.decode(words.encode(['', 'a a']))).toEqual(['', 'a a']);
    const counts = words.counts(['a a bird']);
    expect([counts.dtype, counts.toArray()]).toEqual(['float32', [[0, 1, 2, 0, 0, 0, 0, 0]]]);
    const cased = new text.Vectorizer(texts, { lowercase: false, minFrequency: 2, maxTokens: 3 });
    expect(cased.tokens).toEqual(['', '\ufffd', 'a']);
    expect(new text.Vectorizer(texts, { unit: 'char' }).encode(['🙂?']).shape).toEqual([1, 2]);
  });

  test('refuses nonsense', () => {
    const { Vectorizer } = text;
    expect(() => new Vectorizer('abc' as never)).toThrow(
      "Vectorizer: texts must be a list of texts, got 'abc'",
    );
    expect(() => new Vectorizer([5] as never)).toThrow('Vectorizer: texts[0] must be a text, got 5');
    expect(() => new Vectorizer(['a\0b'])).toThrow('Vectorizer: texts[0] must be a text without NUL');
    expect(() => new Vectorizer([], { unit: 'line' as never })).toThrow(
      "Vectorizer: unit must be one of 'char', 'word', got 'line'",
    );
    expect(() => new Vectorizer([], { maxTokens: 1 })).toThrow('Vectorizer: maxTokens must be 2');
    expect(() => new Vectorizer([]).encode([], { length: -1 })).toThrow(
      'Vectorizer.encode: length must not be negative, it is -1',
    );
  });
});

describe('generate', () => {
  const always = (ids: Tensor): Tensor => {
    const [n, t] = ids.shape as [number, number];
    return tensor([4, 3, 2, -1]).expand([n, t, 4]);
  };
  const prompt = (): Tensor => tensor([[0, 0]], { dtype: 'int32' });

  test('keeps what topP says', () => {
    const drawn = text.generate(always, prompt(), 200, { topP: 0.7, seed: 1 });
    expect(new Set(drawn.toTypedArray())).toEqual(new Set([0, 1]));
    expect(new Set(text.generate(always, prompt(), 200, { topP: 0.6, seed: 1 }).toTypedArray())).toEqual(
      new Set([0]),
    );
    expect(() => text.generate(always, prompt(), 1, { topP: 0 })).toThrow(
      'generate: topP must be above 0 and at most 1, it is 0',
    );
  });

  test('avoids what it has', () => {
    const o = { temperature: 0, repetitionPenalty: 3 };
    expect(text.generate(always, prompt(), 3, o).toArray()).toEqual([[0, 0, 1, 2, 0]]);
    expect(() => text.generate(always, prompt(), 1, { repetitionPenalty: -1 })).toThrow(
      'generate: repetitionPenalty must be above 0, it is -1',
    );
  });
});

/** The ids of bytes in a vocabulary without special tokens: in the order of GPT-2's characters. */
const printable = (b: number): boolean => (b > 32 && b < 127) || (b > 160 && b !== 173);
const all = [...Array(256).keys()];
const order = [...all.filter(printable), ...all.filter((b) => !printable(b))];
const byteIds = all.map((b) => order.indexOf(b));
function byteId(byte: number): number {
  return byteIds[byte]!;
}
