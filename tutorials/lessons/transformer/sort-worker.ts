import { expose } from 'comlink';
import { Host } from '../../site/host.ts';
import { SortFigure } from './pictures.ts';
import type { SortOptions } from './sort.ts';

expose(new Host(async (options) => new SortFigure(options as unknown as SortOptions)));
