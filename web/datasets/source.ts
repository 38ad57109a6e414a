// Bytes from an address, a File or memory; what came from the network is kept.
import { options, refuse } from '../args.ts';
import { FluxionError, ParseError } from '../errors.ts';
import { node } from '../loader/probe.ts';

/** Where a file comes from: an address, a File or Blob, or its bytes. In Node also a path. */
export type Source = string | URL | Blob | Uint8Array | ArrayBuffer;

export interface ReadOptions {
  /**
   * Where files from the network are kept: the name of a Cache in a browser ('fluxion-datasets' by default), a folder in
   * Node (`~/.cache/fluxion/datasets`), or false to keep none.
   */
  cache?: string | false;
  /** Called as bytes arrive: so many of so many (null where the server does not say), of this file. */
  progress?: (loaded: number, total: number | null, file: string) => void;
  /** Ends the loading with the signal's reason. */
  signal?: AbortSignal;
}

/** The options of {@link readBytes}, for the functions that pass them on. */
export const readOptionNames = 'cache progress signal';

type Bytes = Uint8Array<ArrayBuffer>;

// What is used of Node; absent in browsers.
interface Files {
  readFile(file: string | URL, o?: { signal?: AbortSignal }): Promise<Uint8Array>;
  writeFile(file: string, bytes: Uint8Array): Promise<void>;
  mkdir(folder: string, o: { recursive: boolean }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
}
const builtin = (node as { getBuiltinModule?(name: string): unknown } | undefined)?.getBuiltinModule;
const files = builtin?.('node:fs/promises') as Files | undefined;

interface Store {
  get(url: string): Promise<Bytes | undefined>;
  put(url: string, bytes: Bytes): Promise<void>;
}

function browserStore(name: string): Store {
  return {
    async get(url) {
      const found = await (await caches.open(name)).match(url);
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async put(url, bytes) {
      await (await caches.open(name)).put(url, new Response(bytes));
    },
  };
}

function folderStore(fs: Files, folder: string | undefined): Store {
  const at = folder ?? `${(builtin!('node:os') as { homedir(): string }).homedir()}/.cache/fluxion/datasets`;
  // The end of an address is what tells files apart to people; the number in front, to the program.
  const fileOf = (url: string): string => {
    let hash = 0n;
    for (const c of url) hash = (hash * 1099511628211n + BigInt(c.codePointAt(0)!)) % (1n << 64n);
    return `${at}/${hash.toString(16)}-${url.replace(/^.*\//, '').replace(/[^\w.-]/g, '_')}`;
  };
  return {
    async get(url) {
      try {
        return new Uint8Array(await fs.readFile(fileOf(url)));
      } catch {
        return undefined;
      }
    },
    async put(url, bytes) {
      await fs.mkdir(at, { recursive: true });
      const target = fileOf(url);
      await fs.writeFile(`${target}.part`, bytes);
      await fs.rename(`${target}.part`, target);
    },
  };
}

function storeOf(cache: string | false | undefined): Store | undefined {
  if (cache === false) return undefined;
  if (files) return folderStore(files, cache);
  return typeof caches === 'undefined' ? undefined : browserStore(cache ?? 'fluxion-datasets');
}

/**
 * The bytes of a file. Those from the network are kept and read from there the next time; a cache that cannot be written
 * is no error.
 */
export async function readBytes(source: Source, o: ReadOptions = {}): Promise<Bytes> {
  const { cache, progress, signal } = options('readBytes', o, readOptionNames);
  signal?.throwIfAborted();
  if (source instanceof Uint8Array) return new Uint8Array(source);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return readStream(source.stream(), source.size, 'file', progress, signal);
  if (typeof source !== 'string' && !(source instanceof URL))
    refuse('readBytes', 'the source', 'an address, a File or bytes', source);

  const isWeb = typeof location !== 'undefined';
  const text = String(source);
  if (!isWeb && files && !/^(https?|data|blob):/.test(text)) {
    try {
      return new Uint8Array(
        await files.readFile(text.startsWith('file:') ? new URL(text) : text, signal ? { signal } : {}),
      );
    } catch (error) {
      signal?.throwIfAborted();
      throw new FluxionError(`readBytes: ${text} cannot be read: ${(error as Error).message}`);
    }
  }
  const url = isWeb ? new URL(text, location.href).href : text;
  const store = /^https?:/.test(url) ? storeOf(cache) : undefined;
  const kept = await store?.get(url).catch(() => undefined);
  if (kept) {
    progress?.(kept.length, kept.length, url);
    return kept;
  }
  const response = await fetch(url, signal ? { signal } : {}).catch((error: Error) => {
    signal?.throwIfAborted();
    throw new FluxionError(`readBytes: ${url} cannot be fetched: ${error.message}`);
  });
  if (!response.ok || !response.body)
    throw new FluxionError(`readBytes: ${url} answered ${response.status} ${response.statusText}`);
  const length = Number(response.headers.get('content-length')) || null;
  const packed = response.headers.get('content-encoding');
  const bytes = await readStream(response.body, packed ? null : length, url, progress, signal);
  await store?.put(url, bytes).catch(() => {});
  return bytes;
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  total: number | null,
  name: string,
  progress: ReadOptions['progress'],
  signal: AbortSignal | undefined,
  limit = Number.POSITIVE_INFINITY,
): Promise<Bytes> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let loaded = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      loaded += value.length;
      if (loaded > limit) throw new ParseError(`gzip file: unpacks to more than the limit of ${limit} bytes`);
      progress?.(loaded, total, name);
    }
  } finally {
    // What is left need not arrive.
    reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The bytes themselves, or what they hold where they are gzipped. */
export async function unzipped(bytes: Bytes, limit = 2 ** 30): Promise<Bytes> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return await readStream(stream, null, '', undefined, undefined, limit);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError(`gzip file: damaged or cut short, of ${bytes.length} bytes`);
  }
}
