import type { Device } from './protocol.ts';

/** Says in the page's foot which build of the library this browser runs, and why. */
export function showDevice({ simd, threads, note }: Device) {
  const place = document.querySelector('#device');
  if (!place || threads === 0) return;
  const vectors = { relaxed: 'relaxed SIMD', simd: 'SIMD' }[simd] ?? simd;
  const cores = threads > 1 ? `${threads} threads` : 'one thread';
  place.textContent = `On this device: ${vectors}, ${cores}${note ? ` (${note})` : ''}`;
}
