// The frames of the monitor, byte for byte as cpp/fluxion/train/monitor.cpp writes them. Little-endian:
//
//   'FXMN', u8 version = 1, u8 kind, u16 entries, u32 bytes of the whole frame, u32 step, u32 epoch, u32 batch, u32 batches,
//   f64 loss, f64 learning rate, then the entries: u16 length and UTF-8 of the name, u8 role, u8 rank, u32 sizes, and
//   in a step's frame (kind 1): f32 norm, mean, deviation, share of dead units (NaN: unknown), low, high, u16 bins, u32 each;
//   in a tensor's frame (kind 2): its values, f32.
import { ParseError } from '../errors.ts';

export type FrameRole = 'weight' | 'gradient' | 'activation';
const roles = ['weight', 'gradient', 'activation'] as const;

/** What a frame says of one tensor. */
export interface FrameEntry {
  name: string;
  role: FrameRole;
  shape: number[];
  norm: number;
  mean: number;
  deviation: number;
  /** The share of units that gave 0 for every example; NaN where it means nothing. */
  dead: number;
  /** The range of the histogram, in bins of equal width. */
  low: number;
  high: number;
  counts: number[];
}

interface FrameHead {
  step: number;
  epoch: number;
  batch: number;
  batches: number;
  loss: number;
  lr: number;
}

/** One step as the monitor tells it, or a whole tensor that was asked for. */
export type Frame =
  | (FrameHead & { kind: 'step'; entries: FrameEntry[] })
  | (FrameHead & { kind: 'tensor'; name: string; role: FrameRole; shape: number[]; values: Float32Array });

const magic = 0x4e4d5846; // 'FXMN'
const version = 1;
const headBytes = 44;

/** A frame as bytes. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const step = frame.kind === 'step';
  const entries = step ? frame.entries : [frame];
  const names = entries.map((e) => new TextEncoder().encode(e.name));
  const size = entries.reduce((n, e, i) => {
    const rest = 'counts' in e ? 26 + 4 * e.counts.length : 4 * e.values.length;
    return n + 4 + names[i]!.length + 4 * e.shape.length + rest;
  }, headBytes);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const u8 = (v: number): void => view.setUint8(at++, v);
  const u16 = (v: number): void => {
    view.setUint16(at, v, true);
    at += 2;
  };
  const u32 = (v: number): void => {
    view.setUint32(at, v, true);
    at += 4;
  };
  const f32 = (v: number): void => {
    view.setFloat32(at, v, true);
    at += 4;
  };
  const f64 = (v: number): void => {
    view.setFloat64(at, v, true);
    at += 8;
  };
  u32(magic);
  u8(version);
  u8(step ? 1 : 2);
  u16(entries.length);
  for (const v of [size, frame.step, frame.epoch, frame.batch, frame.batches]) u32(v);
  f64(frame.loss);
  f64(frame.lr);
  entries.forEach((e, i) => {
    u16(names[i]!.length);
    bytes.set(names[i]!, at);
    at += names[i]!.length;
    u8(roles.indexOf(e.role));
    u8(e.shape.length);
    e.shape.forEach(u32);
    if ('counts' in e) {
      for (const v of [e.norm, e.mean, e.deviation, e.dead, e.low, e.high]) f32(v);
      u16(e.counts.length);
      e.counts.forEach(u32);
    } else {
      e.values.forEach(f32);
    }
  });
  return bytes;
}

/** A frame from its bytes; a ParseError names what is wrong with them. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const need = (n: number): number => {
    if (at + n > bytes.length)
      throw new ParseError(`decodeFrame: the frame ends at byte ${bytes.length}, within byte ${at} + ${n}`);
    at += n;
    return at - n;
  };
  const u8 = (): number => view.getUint8(need(1));
  const u16 = (): number => view.getUint16(need(2), true);
  const u32 = (): number => view.getUint32(need(4), true);
  const f32 = (): number => view.getFloat32(need(4), true);
  const f64 = (): number => view.getFloat64(need(8), true);
  if (u32() !== magic)
    throw new ParseError('decodeFrame: these bytes are no frame: they do not begin with FXMN');
  const is = u8();
  if (is !== version) throw new ParseError(`decodeFrame: version ${is} is not ${version}`);
  const kind = u8();
  if (kind !== 1 && kind !== 2) throw new ParseError(`decodeFrame: kind ${kind} is unknown`);
  const count = u16();
  const size = u32();
  if (size !== bytes.length)
    throw new ParseError(`decodeFrame: the frame says ${size} bytes, there are ${bytes.length}`);
  const [step, epoch, batch, batches] = [u32(), u32(), u32(), u32()];
  const head = { step, epoch, batch, batches, loss: f64(), lr: f64() };
  const opening = (): { name: string; role: FrameRole; shape: number[] } => {
    const length = u16();
    const from = need(length);
    const name = new TextDecoder().decode(bytes.slice(from, from + length));
    const role = roles[u8()];
    if (!role) throw new ParseError(`decodeFrame: '${name}' has no role that is known`);
    return { name, role, shape: Array.from({ length: u8() }, u32) };
  };
  const list = (n: number): number => {
    if (at + 4 * n > bytes.length) need(4 * n);
    return n;
  };
  let frame: Frame;
  if (kind === 2) {
    const entry = opening();
    const n = list(entry.shape.reduce((a, b) => a * b, 1));
    frame = { kind: 'tensor', ...head, ...entry, values: Float32Array.from({ length: n }, f32) };
  } else {
    const entries: FrameEntry[] = [];
    for (let i = 0; i < count; i++) {
      const entry = opening();
      const [norm, mean, deviation, dead, low, high] = [f32(), f32(), f32(), f32(), f32(), f32()];
      const counts = Array.from({ length: list(u16()) }, u32);
      entries.push({ ...entry, norm, mean, deviation, dead, low, high, counts });
    }
    frame = { kind: 'step', ...head, entries };
  }
  if (at !== bytes.length)
    throw new ParseError(`decodeFrame: ${bytes.length - at} bytes follow the last entry`);
  return frame;
}

/** Cuts a stream of bytes, as a native program writes it, into frames. */
export class FrameSplitter {
  #kept = new Uint8Array();

  /** The frames that these bytes complete. A ParseError when the stream is none of frames. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const all = new Uint8Array(this.#kept.length + bytes.length);
    all.set(this.#kept);
    all.set(bytes, this.#kept.length);
    const view = new DataView(all.buffer);
    const frames: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    while (all.length - at >= headBytes) {
      const size = view.getUint32(at + 8, true);
      if (view.getUint32(at, true) !== magic || size < headBytes)
        throw new ParseError(`FrameSplitter: no frame begins at byte ${at} of the stream`);
      if (all.length - at < size) break;
      frames.push(all.slice(at, at + size));
      at += size;
    }
    this.#kept = all.slice(at);
    return frames;
  }
}
