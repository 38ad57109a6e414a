// Starting up: what comes instead of the wasm file is said, and a failed start can be tried again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FluxionError, info, init, tensor } from 'fluxion';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const html = '<!DOCTYPE html>\n<html><head><title>Not here</title></head></html>';
const answers: Record<string, [status: number, body: string | Uint8Array]> = {
  '/html.wasm': [200, html],
  '/missing.wasm': [404, html],
  '/empty.wasm': [200, ''],
  '/text.wasm': [200, 'Just some words, and nothing that runs.'],
  '/binary.wasm': [200, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3)],
  '/folder/fluxion-simd.wasm': [200, html],
  '/cut.wasm': [200, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 10, 200)],
};

let server: Server;
let base: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-init-'));
  writeFileSync(path.join(folder, 'page.wasm'), html);
  server = createServer((request, response) => {
    const url = new URL(request.url!, base);
    const [status, body] = answers[url.pathname] ?? [500, ''];
    response.writeHead(status, { 'Content-Type': url.search.slice(1) || 'application/wasm' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const hint =
  '. Pass its address as init({ wasmUrl }), or see that the file is served as it is in the package';
const start = (wasmUrl: string | URL): Promise<unknown> =>
  init({ simd: 'simd', threads: 1, wasmUrl }).catch((e: unknown) => e);

async function failsWith(wasmUrl: string | URL, text: string): Promise<void> {
  const error = await start(wasmUrl);
  expect(error).toBeInstanceOf(FluxionError);
  expect((error as Error).message).toBe(text);
  expect(() => info()).toThrow('info: Fluxion is not ready');
  expect(() => tensor([1])).toThrow('Fluxion is not ready');
}

// Streaming compiles only what the server calls application/wasm.
describe.each(['', '?application/octet-stream'])('instead of the wasm file there comes, as %j', (type) => {
  const instead =
    "HTML came instead ('<!DOCTYPE html>\n<html><head><title>Not h…'), most likely the server's page for unknown addresses";
  test('HTML', () =>
    failsWith(
      `${base}/html.wasm${type}`,
      `init: ${base}/html.wasm${type} is no WebAssembly file: ${instead}${hint}`,
    ));
  test('HTML, in a folder that was named', () =>
    failsWith(
      `${base}/folder/`,
      `init: ${base}/folder/fluxion-simd.wasm is no WebAssembly file: ${instead}${hint}`,
    ));
  test('HTML, from disk', () => {
    const url = pathToFileURL(path.join(folder, 'page.wasm'));
    return failsWith(url, `init: ${url.href} is no WebAssembly file: ${instead}${hint}`);
  });
  test('404', () =>
    failsWith(
      `${base}/missing.wasm${type}`,
      `init: ${base}/missing.wasm${type} answered 404 Not Found${hint}`,
    ));
  test('nothing', () =>
    failsWith(
      `${base}/empty.wasm${type}`,
      `init: ${base}/empty.wasm${type} is no WebAssembly file: it is empty${hint}`,
    ));
  test('text', () =>
    failsWith(
      `${base}/text.wasm${type}`,
      `init: ${base}/text.wasm${type} is no WebAssembly file: text came instead ('Just some words, and nothing that runs.…')${hint}`,
    ));
  test('an image', () =>
    failsWith(
      `${base}/binary.wasm${type}`,
      `init: ${base}/binary.wasm${type} is no WebAssembly file: it starts with the bytes 89 50 4e 47${hint}`,
    ));
  test('no file at all', async () => {
    const url = pathToFileURL(path.join(folder, 'absent.wasm'));
    const error = await start(url);
    expect(error).toBeInstanceOf(FluxionError);
    expect((error as Error).message).toContain(`init: ${url.href} cannot be read: ENOENT`);
  });
  test('no server at all', async () => {
    const error = await start('http://127.0.0.1:1/x.wasm');
    expect(error).toBeInstanceOf(FluxionError);
    expect((error as Error).message).toContain('init: http://127.0.0.1:1/x.wasm cannot be fetched');
  });
  test('a file that is cut short', async () => {
    const error = await start(`${base}/cut.wasm${type}`);
    expect(error).toBeInstanceOf(FluxionError);
    expect((error as Error).message).toContain('init: the WebAssembly module cannot be compiled');
    expect(() => info()).toThrow('info: Fluxion is not ready');
  });
});

test('afterwards it starts as if nothing had been, once for several calls', async () => {
  const options = { deterministic: true, threads: 1 } as const;
  const [a, b] = await Promise.all([init(options), init(options)]);
  expect(a).toEqual(b);
  expect(a).toMatchObject({
    variant: 'simd',
    simd: 'simd',
    threads: 1,
    deterministic: true,
    whyNotRelaxed: 'deterministic was asked for',
    whyNotThreads: 'one thread was asked for',
    crossOriginIsolated: false,
  });
  expect(a.cores).toBeGreaterThan(0);
  expect(tensor([1, 2]).sum().item()).toBe(3);
  await expect(init({ deterministic: false })).rejects.toThrow(
    'Fluxion is running already; its options cannot be changed',
  );
});
