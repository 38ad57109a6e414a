// safetensors: the round trip, the format's own bytes, and files that are damaged or hostile.
import { init, io, memory, nn, ones, ParseError, type Tensor, tensor, tidy, zeros } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const encoder = new TextEncoder();

/** A file of this header and so many bytes of data. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('round trip', () => {
  test('of every type and shape, views and empty ones', () => {
    const state: Record<string, Tensor> = {
      scalar: tensor(3.5),
      matrix: tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      turned: tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).t(),
      empty: zeros([0, 3]),
      doubles: tensor([0.1, Number.NaN, Number.NEGATIVE_INFINITY], { dtype: 'float64' }),
      whole: tensor([1, -(2 ** 31)], { dtype: 'int32' }),
      bytes: tensor([0, 255], { dtype: 'uint8' }),
      truth: tensor([true, false]),
      'a.b c/ü "quoted" \\ 🙂': ones([1]),
      '': ones([2]),
    };
    const back = io.loadSafetensors(io.saveSafetensors(state));
    expect(Object.keys(back).sort()).toEqual(Object.keys(state).sort());
    for (const [name, t] of Object.entries(state)) {
      expect(back[name]!.shape).toEqual(t.shape);
      expect(back[name]!.dtype).toBe(t.dtype);
      expect(back[name]!.toTypedArray()).toEqual(t.toTypedArray());
    }
  });

  test('of nothing', () => {
    expect(io.loadSafetensors(io.saveSafetensors({}))).toEqual({});
  });

  test('of a model', () => {
    const [a, b] = [new nn.Linear(3, 2), new nn.Linear(3, 2)];
    b.loadStateDict(io.loadSafetensors(io.saveSafetensors(a.stateDict())));
    expect(b.weight.toArray()).toEqual(a.weight.toArray());
  });

  test('with metadata', () => {
    const metadata = { format: 'pt', 'a key': 'ü "x"\n', empty: '' };
    const bytes = io.saveSafetensors({ w: tensor([1]) }, { metadata });
    const read = io.readSafetensors(bytes);
    expect(read.metadata).toEqual(metadata);
    expect(read.tensors.w!.toArray()).toEqual([1]);
    expect(() => io.saveSafetensors({ w: tensor([1]) }, { metadata: { n: 1 as never } })).toThrow(
      'saveSafetensors: metadata.n must be a text, got 1',
    );
  });

  test('from an ArrayBuffer, and from a part of one', () => {
    const bytes = io.saveSafetensors({ w: tensor([1, 2]) });
    expect(io.loadSafetensors(bytes.buffer).w!.toArray()).toEqual([1, 2]);
    const around = new Uint8Array(bytes.length + 7);
    around.set(bytes, 3);
    expect(io.loadSafetensors(around.subarray(3, 3 + bytes.length)).w!.toArray()).toEqual([1, 2]);
  });

  test('the bytes are the format, little-endian and aligned', () => {
    const bytes = io.saveSafetensors({ w: tensor([1, -2]) });
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    expect([view.getFloat32(8 + length, true), view.getFloat32(12 + length, true)]).toEqual([1, -2]);
    expect(bytes.length).toBe(16 + length);
  });
});

describe('types of others', () => {
  const one = (dtype: string, data: ArrayBufferView, n: number): Tensor =>
    io.loadSafetensors(file({ x: { dtype, shape: [n], data_offsets: [0, data.byteLength] } }, bytesOf(data)))
      .x!;

  test('half precision becomes float32', () => {
    const half = one('F16', new Uint16Array([0x3c00, 0xc000, 0x7c00, 0x0001]), 4);
    expect(half.dtype).toBe('float32');
    expect(half.toArray()).toEqual([1, -2, Number.POSITIVE_INFINITY, 2 ** -24]);
    expect(one('BF16', new Uint16Array([0x3f80, 0xc000, 0x7f80]), 3).toArray()).toEqual([
      1,
      -2,
      Number.POSITIVE_INFINITY,
    ]);
  });

  test('64-bit integers become int32 where they fit, and are refused where not', () => {
    const whole = one('I64', new BigInt64Array([5n, -7n]), 2);
    expect([whole.dtype, whole.toArray()]).toEqual(['int32', [5, -7]]);
    expect(() => one('I64', new BigInt64Array([1n, 2n ** 40n]), 2)).toThrow(ParseError);
  });

  test('an unknown type is named', () => {
    expect(() => one('F4', new Uint8Array(1), 1)).toThrow(/F4/);
  });
});

describe('what is no such file', () => {
  const good = { x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } };
  const eight = new Uint8Array(8);
  const bad: [string, () => Uint8Array][] = [
    ['nothing', () => new Uint8Array()],
    ['seven bytes', () => new Uint8Array(7)],
    ['a header longer than the file', () => file(good, eight).subarray(0, 20)],
    ['a length of 2⁶³', () => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b, 0x7d)],
    ['a length of 0xffffffff', () => Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0, 0x7b, 0x7d)],
    ['HTML', () => encoder.encode('<!doctype html><html><body>404</body></html>')],
    ['no JSON', () => file('{"x":', eight)],
    ['an array', () => file('[]', eight)],
    ['nesting without end', () => file(`${'['.repeat(100_000)}`)],
    ['data that end early', () => file(good, new Uint8Array(4))],
    ['data left over', () => file(good, new Uint8Array(12))],
    ['offsets the wrong way round', () => file({ x: { ...good.x, data_offsets: [8, 0] } }, eight)],
    ['negative offsets', () => file({ x: { ...good.x, data_offsets: [-8, 0] } }, eight)],
    ['offsets beyond 2⁵³', () => file({ x: { ...good.x, data_offsets: [0, 1e300] } }, eight)],
    ['a shape that does not fill', () => file({ x: { ...good.x, shape: [3] } }, eight)],
    ['a shape that overflows', () => file({ x: { ...good.x, shape: [2 ** 32, 2 ** 32, 2 ** 32] } }, eight)],
    ['a negative size', () => file({ x: { ...good.x, shape: [-2, -1] } }, eight)],
    ['a fractional size', () => file({ x: { ...good.x, shape: [0.5, 4] } }, eight)],
    ['a rank of 1000', () => file({ x: { ...good.x, shape: new Array(1000).fill(1).concat(2) } }, eight)],
    ['two tensors on the same bytes', () => file({ a: good.x, b: good.x }, eight)],
    [
      'a name twice',
      () =>
        file(
          '{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}',
          eight,
        ),
    ],
    ['no dtype', () => file({ x: { shape: [2], data_offsets: [0, 8] } }, eight)],
    ['metadata of numbers', () => file({ __metadata__: { a: 1 }, ...good }, eight)],
  ];
  for (const [name, make] of bad)
    test(name, () => {
      const before = memory();
      expect(() => tidy(() => io.loadSafetensors(make()))).toThrow(ParseError);
      expect(memory().tensors).toBe(before.tensors);
      expect(io.loadSafetensors(file(good, eight)).x!.toArray()).toEqual([0, 0]);
    });

  test('any single byte changed is an error or a file, never a crash', () => {
    const bytes = io.saveSafetensors({ w: tensor([1, 2]), b: tensor([3], { dtype: 'float64' }) });
    let refused = 0;
    for (let at = 0; at < bytes.length; at++)
      for (const value of [0, 0x22, 0x7d, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          tidy(() => void io.loadSafetensors(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
          refused++;
        }
      }
    expect(refused).toBeGreaterThan(bytes.length);
    expect(io.loadSafetensors(bytes).w!.toArray()).toEqual([1, 2]);
  });

  test('what is no bytes and no state', () => {
    expect(() => io.loadSafetensors('x' as never)).toThrow(
      "loadSafetensors: bytes must be a Uint8Array or an ArrayBuffer, got 'x'",
    );
    expect(() => io.saveSafetensors({ w: 5 as never })).toThrow(
      "saveSafetensors: 'w' must be a Tensor, got 5",
    );
    expect(() => io.saveSafetensors(null as never)).toThrow(
      'saveSafetensors: state must be an object of tensors, got null',
    );
    const gone = tensor([1]);
    gone.dispose();
    expect(() => io.saveSafetensors({ gone })).toThrow(/was disposed of/);
  });
});
