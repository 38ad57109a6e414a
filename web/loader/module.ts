import { FluxionError } from '../errors.ts';
import { node } from './probe.ts';

const hint = 'Pass its address as init({ wasmUrl }), or see that the file is served as it is in the package';

/** The compiled wasm file; whatever came instead is described. */
export async function moduleAt(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === 'file:' && node?.getBuiltinModule) return compiled(url, fromDisk(url));
  const response = await fromNetwork(url);
  // Compiled while it comes, and kept compiled by the browser for the next visit. Engines insist on the right type.
  if (/^application\/wasm\b/i.test(response.headers.get('Content-Type') ?? ''))
    return WebAssembly.compileStreaming(response).catch(async () =>
      compiled(url, await bytesOf(await fromNetwork(url))),
    );
  return compiled(url, await bytesOf(response));
}

function compiled(url: URL, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  if (bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d)
    throw new FluxionError(`init: ${url.href} is no WebAssembly file: ${whatCame(bytes)}. ${hint}`);
  return WebAssembly.compile(bytes).catch((error: Error) => {
    throw new FluxionError(`init: the WebAssembly module cannot be compiled: ${error.message}`);
  });
}

function fromDisk(url: URL): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(node!.getBuiltinModule!('node:fs').readFileSync(url));
  } catch (error) {
    throw new FluxionError(`init: ${url.href} cannot be read: ${(error as Error).message}. ${hint}`);
  }
}

async function fromNetwork(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (error) {
    throw new FluxionError(`init: ${url.href} cannot be fetched: ${(error as Error).message}. ${hint}`);
  }
  if (!response.ok)
    throw new FluxionError(`init: ${url.href} answered ${response.status} ${response.statusText}. ${hint}`);
  return response;
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

function whatCame(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty';
  const start = new TextDecoder().decode(bytes.subarray(0, 60)).trim();
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(start))
    return `HTML came instead ('${start.slice(0, 40)}…'), most likely the server's page for unknown addresses`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/^[^\u0000-\u0008\ufffd]+$/.test(start)) return `text came instead ('${start.slice(0, 40)}…')`;
  return `it starts with the bytes ${[...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join(' ')}`;
}
