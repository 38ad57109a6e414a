// What only a browser has: decoding images, and its cache.
import { init } from 'fluxion';
import { loadImage, readBytes } from 'fluxion/datasets';
import { afterAll, beforeAll, expect, test } from 'vitest';

beforeAll(() => init({ threads: 1 }));
afterAll(() => caches.delete('fluxion-test'));

async function picture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(2, 1);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'rgb(255 0 51)';
  context.fillRect(0, 0, 1, 1);
  context.fillStyle = 'rgb(0 255 0)';
  context.fillRect(1, 0, 1, 1);
  return canvas.convertToBlob({ type: 'image/png' });
}

test('images are decoded from Files, bytes and addresses', async () => {
  const blob = await picture();
  const wanted = [[[1, 0]], [[0, 1]], [[Math.fround(0.2), 0]]];
  expect((await loadImage(new File([blob], 'x.png'))).toArray()).toEqual(wanted);
  expect((await loadImage(await blob.arrayBuffer())).toArray()).toEqual(wanted);
  expect((await loadImage(URL.createObjectURL(blob))).toArray()).toEqual(wanted);
  expect((await loadImage(blob, { size: [4, 6] })).shape).toEqual([3, 4, 6]);
  await expect(loadImage(new Blob(['no image']))).rejects.toThrow(
    'loadImage: 8 bytes of no known type are no image',
  );
});

test('what was fetched is kept', async () => {
  const url = new URL('/package.json', location.href).href;
  const seen: number[] = [];
  const o = { cache: 'fluxion-test', progress: (loaded: number) => seen.push(loaded) };
  const first = await readBytes(url, o);
  expect(first.length).toBeGreaterThan(100);
  expect(await (await caches.open('fluxion-test')).match(url)).toBeDefined();
  await (await caches.open('fluxion-test')).put(url, new Response('kept'));
  expect(new TextDecoder().decode(await readBytes('/package.json', o))).toBe('kept');
  expect(seen.at(-1)).toBe(4);
});
