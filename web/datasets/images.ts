// The known image datasets, and images of one's own.
import { options, refuse } from '../args.ts';
import { fromArray } from '../create.ts';
import { FluxionError, ParseError } from '../errors.ts';
import { cat } from '../generated/ops.ts';
import { tidy } from '../handles.ts';
import type { Tensor } from '../tensor.ts';
import { parseCifar, parseIdx, parseTar } from './files.ts';
import { type ReadOptions, readBytes, readOptionNames, type Source, unzipped } from './source.ts';

/** Images and their classes. */
export interface ImageSet {
  /** [N, C, H, W]: float32 from 0 to 1, or uint8 as in the file. */
  images: Tensor;
  /** int32 [N]. */
  labels: Tensor;
}

export interface ImageOptions extends ReadOptions {
  /** 'uint8' takes a quarter of the memory; divide batches by 255. 'float32' by default. */
  dtype?: 'float32' | 'uint8';
}

/** The four files of an MNIST-like dataset, where they do not lie in one folder under MNIST's names. */
export interface MnistFiles {
  trainImages: Source;
  trainLabels: Source;
  testImages: Source;
  testLabels: Source;
}

/** Folders with the files of MNIST and two of its kin. */
export const mnistUrls = {
  mnist: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  fashion: 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  kuzushiji: 'https://codh.rois.ac.jp/kmnist/dataset/kmnist/',
} as const;

const mnistNames: Record<keyof MnistFiles, string> = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
};

const readers = ({ cache, progress, signal }: ReadOptions): ReadOptions => ({
  ...(cache !== undefined && { cache }),
  ...(progress && { progress }),
  ...(signal && { signal }),
});

const scaled = (images: Tensor, dtype: ImageOptions['dtype']): Tensor =>
  dtype === 'uint8' ? images : tidy(() => images.to('float32').div(255));

/**
 * MNIST, or a dataset in its form (Fashion-MNIST, Kuzushiji-MNIST): from the address of a folder (`mnistUrls`) or from
 * four files, gzipped or not. Files from the network are kept, see `ReadOptions.cache`. Files that are no IDX, or whose
 * numbers of images and labels differ, are a ParseError.
 *
 * Source: LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist/
 */
export async function loadMnist(
  source: string | URL | MnistFiles = mnistUrls.mnist,
  o: ImageOptions = {},
): Promise<{ train: ImageSet; test: ImageSet }> {
  const { dtype = 'float32', ...read } = options('loadMnist', o, `dtype ${readOptionNames}`);
  const folder = typeof source === 'string' || source instanceof URL;
  const fileOf = async (part: keyof MnistFiles): Promise<Tensor> => {
    const from: Source = folder ? `${String(source).replace(/\/?$/, '/')}${mnistNames[part]}` : source[part];
    if (!folder && from === undefined) refuse('loadMnist', part, 'an address, a File or bytes', from);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await readBytes(from, readers(read));
    } catch (error) {
      if (!folder || !(error instanceof FluxionError)) throw error;
      bytes = await readBytes(String(from).replace(/\.gz$/, ''), readers(read));
    }
    try {
      return parseIdx(await unzipped(bytes));
    } catch (error) {
      throw error instanceof ParseError ? new ParseError(`loadMnist: ${part}: ${error.message}`) : error;
    }
  };
  const setOf = async (
    imagesAt: 'trainImages' | 'testImages',
    labelsAt: 'trainLabels' | 'testLabels',
  ): Promise<ImageSet> => {
    const [images, labels] = [await fileOf(imagesAt), await fileOf(labelsAt)];
    const [n, height, width] = images.shape;
    if (images.ndim !== 3 || images.dtype !== 'uint8')
      throw new ParseError(
        `loadMnist: ${imagesAt}: ${images.dtype} [${images.shape.join(', ')}] are no images`,
      );
    if (labels.ndim !== 1 || labels.shape[0] !== n)
      throw new ParseError(`loadMnist: ${labelsAt}: labels [${labels.shape.join(', ')}] for ${n} images`);
    return {
      images: scaled(images.view([n!, 1, height!, width!]), dtype),
      labels: labels.to('int32'),
    };
  };
  return {
    train: await setOf('trainImages', 'trainLabels'),
    test: await setOf('testImages', 'testLabels'),
  };
}

export interface CifarOptions extends ImageOptions {
  /** 10 (by default) or 100. */
  classes?: 10 | 100;
}

/** An image set, for CIFAR-100 with the labels of its 20 coarse classes. */
export interface CifarSet extends ImageSet {
  coarseLabels: Tensor | null;
}

/**
 * CIFAR-10 or CIFAR-100 in the binary version: from its archive (.tar.gz or .tar) or from the .bin files themselves,
 * `{ train: […], test: […] }`. Files from the network are kept. Anything else than what CIFAR holds is a ParseError.
 *
 * Source: Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html
 */
export async function loadCifar(
  source: Source | { train: readonly Source[]; test: readonly Source[] },
  o: CifarOptions = {},
): Promise<{ train: CifarSet; test: CifarSet }> {
  const {
    classes = 10,
    dtype = 'float32',
    ...read
  } = options('loadCifar', o, `classes dtype ${readOptionNames}`);
  if (classes !== 10 && classes !== 100) refuse('loadCifar', 'classes', '10 or 100', classes);
  const bytesOf = async (from: Source): Promise<Uint8Array<ArrayBuffer>> =>
    unzipped(await readBytes(from, readers(read)));
  let parts: { train: readonly Uint8Array[]; test: readonly Uint8Array[] };
  if (isParts(source)) {
    parts = {
      train: await Promise.all(source.train.map(bytesOf)),
      test: await Promise.all(source.test.map(bytesOf)),
    };
  } else {
    const files = [...parseTar(await bytesOf(source))].sort(([a], [b]) => (a < b ? -1 : 1));
    const named = (pattern: RegExp): Uint8Array[] => {
      const found = files.filter(([name]) => pattern.test(name)).map(([, bytes]) => bytes);
      if (found.length === 0)
        throw new ParseError(
          `loadCifar: the archive has no file ${pattern.source.replace(/\\|\$|\^|\(\^\|\/\)/g, '')}`,
        );
      return found;
    };
    parts =
      classes === 100
        ? { train: named(/train\.bin$/), test: named(/test\.bin$/) }
        : { train: named(/data_batch_\d\.bin$/), test: named(/test_batch\.bin$/) };
  }
  const setOf = (files: readonly Uint8Array[]): CifarSet =>
    tidy(() => {
      const sets = files.map((bytes) => parseCifar(bytes, { classes }));
      return {
        images: cat(sets.map(({ images }) => scaled(images, dtype))),
        labels: cat(sets.map(({ labels }) => labels)),
        coarseLabels: classes === 100 ? cat(sets.map(({ coarseLabels }) => coarseLabels!)) : null,
      };
    });
  return { train: setOf(parts.train), test: setOf(parts.test) };
}

const isParts = (source: unknown): source is { train: readonly Source[]; test: readonly Source[] } =>
  Array.isArray((source as { train?: unknown } | null)?.train) &&
  Array.isArray((source as { test?: unknown } | null)?.test);

/** Decoded pixels, as ImageData has them: four bytes each, red, green, blue, opacity. */
export interface Pixels {
  data: ArrayLike<number>;
  width: number;
  height: number;
}

/**
 * An image as a tensor float32 [C, H, W] from 0 to 1. In a browser from a File, a Blob, an address or bytes of any kind
 * of image that it knows; anywhere from decoded pixels (RGBA). `size` is [height, width] to bring it to (in a browser),
 * `channels` 3 (red, green, blue), 4 (with opacity) or 1 (grey, as ITU-R BT.601 weighs the colours).
 *
 * @example
 * ```ts
 * (await loadImage({ data: [255, 0, 51, 255], width: 1, height: 1 })).shape // [3, 1, 1]
 * ```
 */
export async function loadImage(
  source: Source | Pixels,
  o: { channels?: 1 | 3 | 4; size?: readonly [number, number] } & ReadOptions = {},
): Promise<Tensor> {
  const { channels = 3, size, ...read } = options('loadImage', o, `channels size ${readOptionNames}`);
  if (channels !== 1 && channels !== 3 && channels !== 4)
    refuse('loadImage', 'channels', '1, 3 or 4', channels);
  const { data, width, height } = isPixels(source) ? source : await decoded(source, size, readers(read));
  const plane = width * height;
  if (data.length !== plane * 4)
    throw new ParseError(
      `loadImage: ${data.length} values for ${height}×${width} pixels of red, green, blue and opacity`,
    );
  const values = new Float32Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    const at = 4 * i;
    if (channels === 1) values[i] = (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;
    else for (let c = 0; c < channels; c++) values[c * plane + i] = data[at + c]! / 255;
  }
  return fromArray(values, { shape: [channels, height, width] });
}

const isPixels = (source: unknown): source is Pixels =>
  typeof (source as Pixels | null)?.width === 'number' && typeof (source as Pixels).height === 'number';

async function decoded(
  source: Source,
  size: readonly [number, number] | undefined,
  read: ReadOptions,
): Promise<Pixels> {
  if (typeof createImageBitmap === 'undefined')
    throw new FluxionError(
      'loadImage: images are decoded by browsers; here, pass decoded pixels: { data, width, height }',
    );
  const blob = source instanceof Blob ? source : new Blob([await readBytes(source, read)]);
  const resize = size ? { resizeHeight: size[0], resizeWidth: size[1] } : {};
  const bitmap = await createImageBitmap(blob, resize).catch(() => {
    throw new ParseError(`loadImage: ${blob.size} bytes of ${blob.type || 'no known type'} are no image`);
  });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  canvas.drawImage(bitmap, 0, 0);
  const pixels = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}
