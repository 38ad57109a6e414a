// The four builds. Each address is written out literally, so that bundlers find the file and take it along.
import type { NativeModule } from './native.ts';

export type Variant = 'simd' | 'relaxed' | 'simd-threads' | 'relaxed-threads';

/** What an Emscripten module of ours is started with. */
export interface ModuleOptions {
  wasmMemory?: WebAssembly.Memory;
  fluxionThreads?: number;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  raise: NativeModule['raise'];
  callback: NativeModule['callback'];
  forget: NativeModule['forget'];
}

export interface VariantFiles {
  wasm(): URL;
  script(): Promise<{ default(options: ModuleOptions): Promise<NativeModule> }>;
}

export const variants: Record<Variant, VariantFiles> = {
  simd: {
    wasm: () => new URL('./fluxion-simd.wasm', import.meta.url),
    script: () => import('./fluxion-simd.mjs'),
  },
  relaxed: {
    wasm: () => new URL('./fluxion-relaxed.wasm', import.meta.url),
    script: () => import('./fluxion-relaxed.mjs'),
  },
  'simd-threads': {
    wasm: () => new URL('./fluxion-simd-threads.wasm', import.meta.url),
    script: () => import('./fluxion-simd-threads.mjs'),
  },
  'relaxed-threads': {
    wasm: () => new URL('./fluxion-relaxed-threads.wasm', import.meta.url),
    script: () => import('./fluxion-relaxed-threads.mjs'),
  },
};
