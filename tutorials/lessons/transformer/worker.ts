import { expose } from 'comlink';
import textUrl from '../../../build/data/text.pack?url';
import { Host } from '../../site/host.ts';
import { WriterFigure } from './pictures.ts';
import type { Book, WriterOptions } from './train.ts';

const PACKED_BYTES = 122_527;

expose(
  new Host(async (options, load) => {
    const bytes = await load('Moby Dick, the first chapters', textUrl, PACKED_BYTES);
    const book = JSON.parse(new TextDecoder().decode(bytes)) as Book;
    return new WriterFigure(options as unknown as WriterOptions, book);
  }),
);
