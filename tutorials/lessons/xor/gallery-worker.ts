import { expose } from 'comlink';
import { Host } from '../../site/host.ts';
import { XorGallery } from './pictures.ts';
import type { XorOptions } from './train.ts';

expose(new Host(async (options) => new XorGallery(options as unknown as XorOptions), { threads: 1 }));
