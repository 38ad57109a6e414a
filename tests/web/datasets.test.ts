// Loaders of files, datasets and tables; splits, normalisation and augmentation.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { init, ParseError, type Tensor, tensor } from 'fluxion';
import {
  arithmetic,
  augment,
  blobs,
  loadCifar,
  loadImage,
  loadMnist,
  Normalizer,
  parseCifar,
  parseCsv,
  parseIdx,
  parseTar,
  readBytes,
  stratifiedSplit,
} from 'fluxion/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const idx = (type: number, sizes: number[], values: number[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array([0, 0, type, sizes.length, ...sizes.flatMap((s) => [0, 0, s >> 8, s & 255]), ...values]);
const mnist: Record<string, Uint8Array<ArrayBuffer>> = {
  'train-images-idx3-ubyte': idx(8, [2, 1, 2], [0, 255, 51, 0]),
  'train-labels-idx1-ubyte': idx(8, [2], [7, 3]),
  't10k-images-idx3-ubyte': idx(8, [1, 1, 2], [255, 0]),
  't10k-labels-idx1-ubyte': idx(8, [1], [1]),
};

let server: Server;
let base: string;
let requests = 0;
const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-data-'));
beforeAll(async () => {
  await init({ simd: 'simd', threads: 1 });
  server = createServer((request, response) => {
    requests++;
    const url = request.url!;
    const name = path.basename(url).replace(/\.gz$/, '');
    const bytes = mnist[name];
    if (!bytes || url.startsWith('/none') || (url.startsWith('/plain') && url.endsWith('.gz')))
      response.writeHead(404).end();
    else response.end(url.endsWith('.gz') ? gzipSync(bytes) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('IDX', () => {
  test.each<[number, number[], string, number[]]>([
    [8, [1, 255], 'uint8', [1, 255]],
    [9, [255, 1], 'int32', [-1, 1]],
    [11, [255, 254, 1, 0], 'int32', [-2, 256]],
    [12, [0, 0, 1, 2, 255, 255, 255, 255], 'int32', [258, -1]],
    [13, [63, 192, 0, 0, 191, 0, 0, 0], 'float32', [1.5, -0.5]],
    [14, [191, 248, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0], 'float64', [-1.5, 2]],
  ])('type %i', (type, bytes, dtype, values) => {
    const t = parseIdx(idx(type, [2], bytes));
    expect([t.dtype, t.toArray()]).toEqual([dtype, values]);
  });
  test.each<[string, number[], string]>([
    ['no magic number', [1, 0, 8, 0, 1], 'IDX file: byte 0: the magic number does not begin with 0 0'],
    ['no type', [0, 0, 10, 0, 1], 'IDX file: byte 2: no type has the number 10'],
    ['no sizes', [0, 0, 8, 2, 0, 0, 0, 1], 'IDX file: byte 8: the sizes are cut short'],
    [
      'too few values',
      [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
      'byte 8: 2 bytes of values for the sizes [3] of 1 bytes each',
    ],
    [
      'sizes of no file',
      [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255],
      '0 bytes of values for the sizes',
    ],
    ['nothing', [], 'IDX file: byte 0: the file is cut short'],
  ])('%s', (_, bytes, message) => {
    expect(() => parseIdx(new Uint8Array(bytes))).toThrow(ParseError);
    expect(() => parseIdx(new Uint8Array(bytes))).toThrow(message);
  });
});

describe('MNIST', () => {
  test('from a folder of gzipped files, kept after the first time', async () => {
    const seen: [number, number | null][] = [];
    const cache = path.join(folder, 'cache');
    const o = { cache, progress: (n: number, of: number | null) => seen.push([n, of]) };
    const { train, test: held } = await loadMnist(`${base}/mnist`, o);
    expect(train.images.shape).toEqual([2, 1, 1, 2]);
    expect(train.images.toArray()).toEqual([[[[0, 1]]], [[[Math.fround(0.2), 0]]]]);
    expect(train.labels.dtype).toBe('int32');
    expect(train.labels.toArray()).toEqual([7, 3]);
    expect(held.labels.toArray()).toEqual([1]);
    expect(seen.length).toBe(4);
    expect(readdirSync(cache)).toHaveLength(4);
    const before = requests;
    const again = await loadMnist(`${base}/mnist/`, { cache, dtype: 'uint8' });
    expect(requests).toBe(before);
    expect(again.train.images.toArray()).toEqual([[[[0, 255]]], [[[51, 0]]]]);
  });

  test('from plain files, from Blobs and from paths', async () => {
    const plain = await loadMnist(`${base}/plain`, { cache: false });
    expect(plain.train.labels.toArray()).toEqual([7, 3]);
    const file = path.join(folder, 'images');
    writeFileSync(file, mnist['train-images-idx3-ubyte']!);
    const mixed = await loadMnist({
      trainImages: file,
      trainLabels: new Blob([gzipSync(mnist['train-labels-idx1-ubyte']!)]),
      testImages: mnist['t10k-images-idx3-ubyte']!,
      testLabels: mnist['t10k-labels-idx1-ubyte']!.buffer,
    });
    expect(mixed.train.images.shape).toEqual([2, 1, 1, 2]);
  });

  test('what does not belong together is refused', async () => {
    const files = {
      trainImages: mnist['train-images-idx3-ubyte']!,
      trainLabels: mnist['t10k-labels-idx1-ubyte']!,
      testImages: mnist['t10k-images-idx3-ubyte']!,
      testLabels: mnist['t10k-labels-idx1-ubyte']!,
    };
    await expect(loadMnist(files)).rejects.toThrow('loadMnist: trainLabels: labels [1] for 2 images');
    await expect(loadMnist({ ...files, trainImages: new Uint8Array([1, 2, 3, 4]) })).rejects.toThrow(
      'loadMnist: trainImages: IDX file: byte 0: the magic number',
    );
    await expect(
      loadMnist({ ...files, trainImages: gzipSync(files.trainImages).subarray(0, 20) }),
    ).rejects.toThrow('loadMnist: trainImages: gzip file: damaged or cut short');
    await expect(loadMnist(`${base}/none`, { cache: false })).rejects.toThrow();
    await expect(loadMnist({} as never)).rejects.toThrow(
      'loadMnist: trainImages must be an address, a File or bytes',
    );
  });

  test('an AbortSignal ends it', async () => {
    const stop = new AbortController();
    const loading = readBytes(`${base}/mnist/train-labels-idx1-ubyte`, { cache: false, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(loading).rejects.toThrow('enough');
  });
});

describe('CIFAR', () => {
  const record = (labels: number[], fill: number): number[] => [...labels, ...new Array(3072).fill(fill)];
  const tar = (files: Record<string, number[]>): Uint8Array<ArrayBuffer> => {
    const blocks: number[] = [];
    const field = (text: string, length: number): number[] =>
      [...text].map((c) => c.charCodeAt(0)).concat(new Array(length - text.length).fill(0));
    for (const [name, bytes] of Object.entries(files)) {
      const size = `${bytes.length.toString(8).padStart(11, '0')} `;
      const head = [
        ...field(name, 100),
        ...field('0000644', 24),
        ...field(size, 24),
        ...new Array(8).fill(32),
        48,
      ];
      const header = [...head, ...new Array(512 - head.length).fill(0)];
      const sum = header.reduce((a, b) => a + b, 0);
      header.splice(148, 8, ...field(sum.toString(8).padStart(6, '0'), 7), 32);
      blocks.push(...header, ...bytes, ...new Array((512 - (bytes.length % 512)) % 512).fill(0));
    }
    return new Uint8Array([...blocks, ...new Array(1024).fill(0)]);
  };

  test('from an archive, batch after batch', async () => {
    const archive = tar({
      'cifar-10-batches-bin/test_batch.bin': record([9], 255),
      'cifar-10-batches-bin/data_batch_2.bin': record([2], 51),
      'cifar-10-batches-bin/data_batch_1.bin': [...record([1], 0), ...record([0], 255)],
      'cifar-10-batches-bin/readme.html': [1],
    });
    const { train, test: held } = await loadCifar(gzipSync(archive));
    expect(train.images.shape).toEqual([3, 3, 32, 32]);
    expect(train.labels.toArray()).toEqual([1, 0, 2]);
    expect(train.images.at(':', 0, 0, 0).toArray()).toEqual([0, 1, Math.fround(0.2)]);
    expect(held.labels.toArray()).toEqual([9]);
    await expect(loadCifar(archive, { classes: 100 })).rejects.toThrow(
      'loadCifar: the archive has no file train.bin',
    );
  });

  test('CIFAR-100 has coarse labels too', async () => {
    const file = new Uint8Array([...record([19, 99], 1), ...record([0, 5], 2)]);
    const { train } = await loadCifar({ train: [file], test: [file] }, { classes: 100, dtype: 'uint8' });
    expect(train.labels.toArray()).toEqual([99, 5]);
    expect(train.coarseLabels!.toArray()).toEqual([19, 0]);
    expect(train.images.dtype).toBe('uint8');
  });

  test('damage is named', () => {
    expect(() => parseCifar(new Uint8Array(100))).toThrow(
      'CIFAR-10 file: 100 bytes are no whole number of records of 3073 bytes',
    );
    expect(() => parseCifar(new Uint8Array(record([10], 0)))).toThrow(
      'CIFAR-10 file: byte 0: label 10 of 10 classes',
    );
    const archive = tar({ a: [1, 2] });
    expect([...parseTar(archive)]).toEqual([['a', new Uint8Array([1, 2])]]);
    const damaged = archive.slice();
    damaged[3] = 7;
    expect(() => parseTar(damaged)).toThrow('tar file: byte 0: the check sum of a header differs');
    expect(() => parseTar(archive.subarray(0, 513))).toThrow(
      "tar file: byte 0: 'a' of 2 bytes reaches beyond the end",
    );
    expect(() => parseTar(new Uint8Array(10))).toThrow('tar file: byte 0: no header of an archive');
  });
});

describe('CSV', () => {
  test('types, quotes and missing values', () => {
    const table = parseCsv('\ufeffname,age,"a ""b"""\r\nAda, 36 ,1e3\r\n"x,\ny",NA,-.5\n\n,7,\n');
    expect(table.rows).toBe(3);
    expect(table.names).toEqual(['name', 'age', 'a "b"']);
    expect(table.column('name')).toEqual(['Ada', 'x,\ny', '']);
    expect([...table.column('age')]).toEqual([36, Number.NaN, 7]);
    expect(table.numbers(['a "b"']).toArray()).toEqual([[1000], [-0.5], [Number.NaN]]);
    expect(table.numbers().shape).toEqual([3, 2]);
    const { labels, names } = table.classes('name');
    expect([labels.toArray(), names]).toEqual([
      [0, 1, -1],
      ['Ada', 'x,\ny'],
    ]);
    const plain = parseCsv('1;2\n3;4', { delimiter: ';', header: false, textColumns: ['1'] });
    expect([[...plain.column('0')], plain.column('1')]).toEqual([
      [1, 3],
      ['2', '4'],
    ]);
    expect(parseCsv('').rows).toBe(0);
    expect([...parseCsv('a\ninf\n-Infinity\n+1').column('a')]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
    ]);
  });
  test.each<[string, Parameters<typeof parseCsv>[1], string]>([
    ['a,b\n1,2\n3\n', {}, 'parseCsv: line 3, column 1: 1 cells where there are 2 columns'],
    ['a,b\n1,"2\n3', {}, 'parseCsv: line 2, column 3: a quote is not closed'],
    ['a\n"1"2', {}, 'parseCsv: line 2, column 4: something follows a closing quote'],
    ['a\nx"y', {}, 'parseCsv: line 2, column 2: a quote inside a cell without quotes'],
    ['a,a\n', {}, "parseCsv: line 1, column 3: the column 'a' is there twice"],
    [
      'a,b\n"1\n2",3\n4,x\n',
      { numberColumns: ['b'] },
      "parseCsv: line 4, column 3: 'x' is no number, in the column 'b'",
    ],
    ['a\n1', { textColumns: ['c'] }, "parseCsv: no column is called 'c'"],
  ])('%j', (text, o, message) => {
    expect(() => parseCsv(text, o)).toThrow(message);
  });
  test('10 MB take less than a second', () => {
    const line = '12.5,-3,0.001,7e-3,some text,"quoted, text"\n';
    const text = `a,b,c,d,e,f\n${line.repeat(Math.ceil(1e7 / line.length))}`;
    const start = process.cpuUsage();
    expect(parseCsv(text).rows).toBe(Math.ceil(1e7 / line.length));
    expect(process.cpuUsage(start).user).toBeLessThan(1e6); // microseconds
  });
});

describe('what is done with data', () => {
  test('a stratified split keeps the shares of classes', () => {
    const y = tensor(
      Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 2 : i % 2)),
      { dtype: 'int32' },
    );
    const parts = stratifiedSplit([y], y, [0.8, 0.2], { seed: 3 });
    const count = (t: Tensor, c: number): number => t.eq(c).sum().item();
    expect(parts.map(([t]) => [0, 1, 2].map((c) => count(t!, c)))).toEqual([
      [32, 40, 8],
      [8, 10, 2],
    ]);
    expect(() => stratifiedSplit([y], tensor([1]), [1])).toThrow('stratifiedSplit: labels must be int32');
  });

  test('normalisation fits, applies and inverts', () => {
    const x = tensor([[[1, 2]], [[3, 6]]], { dtype: 'float64' }).view([2, 2, 1]);
    const fitted = Normalizer.fit(x);
    expect(fitted.mean.toArray()).toEqual([2, 4]);
    expect(fitted.apply(x).flatten().toArray()).toEqual([-1, -1, 1, 1]);
    expect(fitted.invert(fitted.apply(x)).toArray()).toEqual(x.toArray());
    expect(Normalizer.fit(x, -1).mean.shape).toEqual([1]);
    expect(() => fitted.apply(tensor([[1, 2, 3]]))).toThrow(
      'Normalizer: fitted to 2 along dimension 1, given [1, 3]',
    );
  });

  test('augmentation is drawn by its seed', () => {
    const x = tensor([...Array(18).keys()])
      .to('float32')
      .view([2, 1, 3, 3]);
    const o = { shift: 1, rotate: 20, scale: 0.2, noise: 0.1, flip: true, crop: 1, seed: 5 };
    expect(augment(x, o).toArray()).toEqual(augment(x, o).toArray());
    expect(augment(x, o).toArray()).not.toEqual(augment(x, { ...o, seed: 6 }).toArray());
    expect(augment(x).toArray()).toEqual(x.toArray());
    expect(() => augment(x, { scale: 2 })).toThrow('augment: scale must lie from 0 to 0.99, it is 2');
  });

  test('blobs and arithmetic', () => {
    expect(blobs(6, { seed: 1 })[0].shape).toEqual([6, 2]);
    const [x, y] = arithmetic(3, { digits: 1, seed: 2 });
    expect([x.shape, y.shape]).toEqual([
      [3, 5],
      [3, 5],
    ]);
    expect(y.at(':', ':3').toArray()).toEqual(new Array(3).fill([-100, -100, -100]));
  });

  test('images from decoded pixels', async () => {
    const image = { data: [255, 0, 51, 255, 0, 255, 0, 0], width: 2, height: 1 };
    expect((await loadImage(image)).toArray()).toEqual([[[1, 0]], [[0, 1]], [[Math.fround(0.2), 0]]]);
    expect((await loadImage(image, { channels: 4 })).shape).toEqual([4, 1, 2]);
    expect((await loadImage(image, { channels: 1 })).at(0, 0, 1).item()).toBeCloseTo(0.587);
    await expect(loadImage({ ...image, width: 3 })).rejects.toThrow(
      'loadImage: 8 values for 1×3 pixels of red, green, blue and opacity',
    );
    await expect(loadImage(new Blob(['x']))).rejects.toThrow(
      'loadImage: images are decoded by browsers; here, pass',
    );
  });
});
