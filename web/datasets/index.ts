// `fluxion/datasets`: files, datasets and their images, splits by class, normalisation, augmentation, more toy problems.
import { flag, handleList, integer, number, options, refuse, seedNumbers } from '../args.ts';
import type { Examples } from '../data.ts';
import { ShapeError } from '../errors.ts';
import { tensorHandle, tidy, wrap, wrapList } from '../handles.ts';
import { lib, putList } from '../native.ts';
import type { Tensor } from '../tensor.ts';

export { Csv, type CsvOptions, parseCsv } from './csv.ts';
export { parseCifar, parseIdx, parseTar } from './files.ts';
export {
  type CifarOptions,
  type CifarSet,
  type ImageOptions,
  type ImageSet,
  loadCifar,
  loadImage,
  loadMnist,
  type MnistFiles,
  mnistUrls,
  type Pixels,
} from './images.ts';
export { type ReadOptions, readBytes, type Source } from './source.ts';

/** Heaps of points, one for each class: x float32 [n, 2], y int32 [n]. Centres lie within ±spread. */
export function blobs(
  n: number,
  o: { classes?: number; noise?: number; spread?: number; seed?: number } = {},
): Examples {
  const { classes = 3, noise = 1, spread = 10, seed } = options('blobs', o, 'classes noise spread seed');
  const numbers = [
    integer(n, 'blobs', 'n'),
    integer(classes, 'blobs', 'classes'),
    number(noise, 'blobs', 'noise'),
    number(spread, 'blobs', 'spread'),
  ] as const;
  return wrapList(lib.dataBlobs(...numbers, ...seedNumbers(seed, 'blobs')), 'blobs') as Examples;
}

/**
 * What a decoder needs to learn adding: two numbers of `digits` digits, 10 for +, 11 for =, then the sum of digits + 1
 * digits. x is that sequence without its end, y the same one step ahead with −100 (left out of the loss) up to the =;
 * int32 [n, 3·digits + 2].
 */
export function arithmetic(n: number, o: { digits?: number; seed?: number } = {}): Examples {
  const { digits = 2, seed } = options('arithmetic', o, 'digits seed');
  const numbers = [integer(n, 'arithmetic', 'n'), integer(digits, 'arithmetic', 'digits')] as const;
  return wrapList(
    lib.dataArithmetic(...numbers, ...seedNumbers(seed, 'arithmetic')),
    'arithmetic',
  ) as Examples;
}

/**
 * Disjoint parts of tensors that count the same examples, in which every class (labels int32 [n]) has these shares.
 *
 * @example
 * ```ts
 * const y = tensor([0, 0, 0, 0, 1, 1], { dtype: 'int32' });
 * stratifiedSplit([y], y, [0.5, 0.5]).map(([part]) => part!.sum().item()) // [1, 1]
 * ```
 */
export function stratifiedSplit(
  tensors: readonly Tensor[],
  labels: Tensor,
  shares: readonly number[],
  o: { seed?: number } = {},
): Tensor[][] {
  const op = 'stratifiedSplit';
  const { seed } = options(op, o, 'seed');
  if (!Array.isArray(shares)) refuse(op, 'shares', 'a list of numbers', shares);
  shares.forEach((s, i) => {
    number(s, op, `shares[${i}]`);
  });
  const at = tensorHandle(labels, op, 'labels');
  const from = handleList(tensors, op, 'tensors');
  const parts = wrapList(lib.dataSplit(from, at, putList(shares), ...seedNumbers(seed, op)), op);
  return shares.map((_, i) => parts.slice(i * tensors.length, (i + 1) * tensors.length));
}

/** Values brought to mean 0 and standard deviation 1, and back. */
export class Normalizer {
  /** One number per place along `dim`. */
  readonly mean: Tensor;
  readonly std: Tensor;
  readonly dim: number;

  constructor(mean: Tensor, std: Tensor, dim = 1) {
    tensorHandle(mean, 'Normalizer', 'mean');
    tensorHandle(std, 'Normalizer', 'std');
    if (mean.ndim !== 1 || std.ndim !== 1 || mean.shape[0] !== std.shape[0])
      throw new ShapeError(
        `Normalizer: mean [${mean.shape.join(', ')}] and std [${std.shape.join(', ')}] must be two equal vectors`,
      );
    this.mean = mean.keep();
    this.std = std.keep();
    this.dim = integer(dim, 'Normalizer', 'dim');
  }

  /**
   * Mean and (biased) standard deviation over every dimension but `dim`: 1 is the channel of images and the column of
   * tables. Where a deviation is 0, 1 stands for it.
   *
   * @example
   * ```ts
   * const table = tensor([[1, 5], [3, 5]]);
   * Normalizer.fit(table).apply(table).toArray() // [[-1, 0], [1, 0]]
   * ```
   */
  static fit(x: Tensor, dim = 1): Normalizer {
    tensorHandle(x, 'Normalizer', 'x');
    if (x.numel() === 0)
      throw new ShapeError(
        `Normalizer: there is nothing to fit in a tensor of shape [${x.shape.join(', ')}]`,
      );
    const [mean, std] = tidy(() => {
      const rows = x
        .detach()
        .movedim(dim, 0)
        .reshape([x.size(dim), -1]);
      const middle = rows.mean(1);
      const spread = rows.sub(middle.unsqueeze(1)).square().mean(1).sqrt();
      return [middle, spread.maskedFill(spread.eq(0), 1)] as const;
    });
    return new Normalizer(mean, std, dim);
  }

  #shaped(t: Tensor, x: Tensor): Tensor {
    if (x.size(this.dim) !== t.shape[0])
      throw new ShapeError(
        `Normalizer: fitted to ${t.shape[0]} along dimension ${this.dim}, given [${x.shape.join(', ')}]`,
      );
    const at = this.dim < 0 ? this.dim + x.ndim : this.dim;
    return t.view(x.shape.map((_, i) => (i === at ? -1 : 1)));
  }

  /** (x − mean)/std. */
  apply(x: Tensor): Tensor {
    return tidy(() => x.sub(this.#shaped(this.mean, x)).div(this.#shaped(this.std, x)));
  }

  /** x·std + mean. */
  invert(x: Tensor): Tensor {
    return tidy(() => x.mul(this.#shaped(this.std, x)).add(this.#shaped(this.mean, x)));
  }
}

export interface AugmentOptions {
  /** Up to so many pixels each way, also parts of one. */
  shift?: number;
  /** Up to so many degrees each way, about the centre. */
  rotate?: number;
  /** A factor from 1 − scale to 1 + scale. */
  scale?: number;
  /** Standard deviation of what is added to each value. */
  noise?: number;
  /** Mirrors half of the images, left for right; a number is the share. */
  flip?: boolean | number;
  /** A window of the image's size, out of it with so many pixels around: whole pixels each way. */
  crop?: number;
  /** What is outside of the image; 0 by default. */
  fill?: number;
  seed?: number;
}

/**
 * Random changes of images float32 [N, C, H, W], another one for every image and every call. Values between pixels are
 * bilinear; whole steps move them exactly. Without `seed`, draws come from the default generator.
 *
 * @example
 * ```ts
 * augment(tensor([[[[1, 2], [3, 4]]]]), { flip: 1 }).toArray() // [[[[2, 1], [4, 3]]]]
 * ```
 */
export function augment(images: Tensor, o: AugmentOptions = {}): Tensor {
  const op = 'augment';
  const {
    shift = 0,
    rotate = 0,
    scale = 0,
    noise = 0,
    flip = 0,
    crop = 0,
    fill = 0,
    seed,
  } = options(op, o, 'shift rotate scale noise flip crop fill seed');
  const handle = tensorHandle(images, op, 'images');
  const share = typeof flip === 'boolean' ? flag(flip, op, 'flip') / 2 : number(flip, op, 'flip');
  const numbers = { shift, rotate, scale, noise, flip: share, crop: integer(crop, op, 'crop'), fill };
  const list = Object.entries(numbers).map(([name, value]) => number(value, op, name));
  return wrap(lib.dataAugment(handle, putList(list), ...seedNumbers(seed, op)), op);
}
