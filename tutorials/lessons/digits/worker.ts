import { expose } from 'comlink';
import digitsUrl from '../../../build/data/digits.pack?url';
import { Host } from '../../site/host.ts';
import { readDigits } from './data.ts';
import { DigitsFigure } from './pictures.ts';
import type { DigitsOptions } from './train.ts';
import { rates } from './train.ts';

const PACKED_BYTES = 990_762;

expose(
  new Host(async (values, load) => {
    const digits = readDigits(await load('Ten thousand digits', digitsUrl, PACKED_BYTES));
    const model = values.model as DigitsOptions['model'];
    const rate = Number(values.rate) * rates[model];
    return new DigitsFigure({ seed: Number(values.seed), model, rate }, digits);
  }),
);
