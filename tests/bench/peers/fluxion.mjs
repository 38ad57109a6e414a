// Fluxion as a contender.
import { fluxionTask } from '../workloads.mjs';

export async function load({ simd, threads }) {
  const fx = await import(new URL('../../../dist/index.js', import.meta.url).href);
  const info = await fx.init({ ...(simd && { simd }), threads: threads > 1 ? threads : false });
  return { version: info.variant, threads: info.threads, task: (row) => fluxionTask(fx, row) };
}
