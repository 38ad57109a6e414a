import { expose } from 'comlink';
import { Host } from '../../site/host.ts';
import { XorFigure } from './pictures.ts';
import type { XorOptions } from './train.ts';

// Four points are no work to share out: one thread starts sooner and runs as fast.
expose(new Host(async (options) => new XorFigure(options as unknown as XorOptions), { threads: 1 }));
