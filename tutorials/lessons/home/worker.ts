import { expose } from 'comlink';
import { Host } from '../../site/host.ts';
import { XorFigure } from '../xor/pictures.ts';
import type { XorOptions } from '../xor/train.ts';

expose(new Host(async (options) => new XorFigure(options as unknown as XorOptions), { threads: 1 }));
