// A training in one file: a safetensors file whose metadata hold the architecture and the schedule's place, and whose
// tensors are the weights and buffers, the optimizer's state, the averages, the run's own state and the random stream.
import { fileBytes, integer, options, refuse } from '../args.ts';
import { AveragedModel } from '../average.ts';
import { type FluxionError, ParseError } from '../errors.ts';
import { tidy } from '../handles.ts';
import { readSafetensors, saveSafetensors } from '../io.ts';
import type { Training } from '../nn/fit.ts';
import { Module, type StateDict } from '../nn/module.ts';
import { Optimizer } from '../optimizer.ts';
import { getRngState, setRngState } from '../random.ts';
import { LRScheduler, type PlateauState, ReduceLROnPlateau, type ScheduleState } from '../schedule.ts';

/** What a checkpoint holds. Those of a loop by hand are given; inside `fit`, the callback's `training` is all of them. */
export interface CheckpointParts {
  model: Module;
  optimizer?: Optimizer | undefined;
  schedule?: LRScheduler | ReduceLROnPlateau | undefined;
  average?: AveragedModel | undefined;
}

/** What a checkpoint gives besides what it puts back. */
export interface Checkpoint {
  /** Goes to `fit` as `resume`; undefined when the checkpoint was not taken inside a `fit`. */
  resume: StateDict | undefined;
  /** What was given as `metadata`. */
  metadata: Record<string, string>;
}

const version = '1';
const op = 'loadCheckpoint';

const under = (prefix: string, state: StateDict): StateDict =>
  Object.fromEntries(Object.entries(state).map(([name, t]) => [prefix + name, t]));

/** The entries below a prefix. */
const below = (prefix: string, state: StateDict): StateDict =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, t]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), t] as const] : [],
    ),
  );

// Buffers that are not part of a state dict may still decide how a run goes on.
const buffersOf = (model: Module): StateDict => {
  const saved = model.stateDict();
  return Object.fromEntries(model.namedBuffers().filter(([name]) => !Object.hasOwn(saved, name)));
};

const gradientsOf = (model: Module): StateDict =>
  Object.fromEntries(
    model.namedParameters().flatMap(([name, p]) => (p.grad ? [[name, p.grad] as const] : [])),
  );

const averagesOf = (average: AveragedModel): StateDict =>
  Object.fromEntries(average.parameters().map((t, i) => [String(i), t]));

function checkParts(where: string, parts: CheckpointParts): void {
  const { model, optimizer, schedule, average } = parts;
  if (!(model instanceof Module)) refuse(where, 'model', 'a Module', model);
  if (optimizer !== undefined && !(optimizer instanceof Optimizer))
    refuse(where, 'optimizer', 'an optimizer', optimizer);
  if (schedule !== undefined && !(schedule instanceof LRScheduler || schedule instanceof ReduceLROnPlateau))
    refuse(where, 'schedule', 'a schedule of optim.lrScheduler', schedule);
  if (average !== undefined && !(average instanceof AveragedModel))
    refuse(where, 'average', 'an optim.swaUtils.AveragedModel', average);
}

/**
 * A training as one file: architecture (its printed form), weights and buffers, optimizer, schedule, averages, random
 * stream and, given a callback's `training`, the place within the run. Any safetensors reader can open it.
 *
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const bytes = saveCheckpoint({ model }, { metadata: { note: 'first' } });
 * loadCheckpoint(bytes, { model: new nn.Linear(2, 1) }).metadata // {"note": "first"}
 * ```
 */
export function saveCheckpoint(
  parts: CheckpointParts & Partial<Pick<Training, 'state' | 'accumulate'>>,
  o: { metadata?: Record<string, string> } = {},
): Uint8Array<ArrayBuffer> {
  const { metadata = {} } = options('saveCheckpoint', o, 'metadata');
  checkParts('saveCheckpoint', parts);
  const { model, optimizer, schedule, average, state, accumulate = 1 } = parts;
  return tidy(() => {
    const tensors = {
      ...under('model.', model.stateDict()),
      ...under('buffers.', buffersOf(model)),
      ...(accumulate > 1 ? under('gradients.', gradientsOf(model)) : {}),
      ...(optimizer ? under('optimizer.', optimizer.stateDict()) : {}),
      ...(average ? under('average.', averagesOf(average)) : {}),
      ...(state ? under('fit.', state()) : {}),
      random: getRngState(),
    };
    return saveSafetensors(tensors, {
      metadata: {
        ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`user.${key}`, value])),
        'fluxion.checkpoint': version,
        architecture: String(model),
        ...(schedule ? { schedule: JSON.stringify(schedule.stateDict(), texts) } : {}),
        ...(average ? { averaged: String(average.nAveraged) } : {}),
      },
    });
  });
}

/** Refuses unless the file has just the tensors wanted, each of its shape and dtype. */
function checkTensors(what: string, given: StateDict, wanted: StateDict): void {
  for (const [name, t] of Object.entries(wanted)) {
    const from = given[name];
    if (!Object.hasOwn(given, name) || !from) throw new ParseError(`${op}: ${what} '${name}' is missing`);
    const [has, wants] = [from, t].map((s) => `${s.dtype} [${s.shape.join(', ')}]`);
    if (has !== wants) throw new ParseError(`${op}: ${what} '${name}' is ${has}, not ${wants}`);
  }
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(wanted, name));
  if (stranger !== undefined) throw new ParseError(`${op}: ${what} '${stranger}' is unexpected`);
}

function checkArchitecture(file: string | undefined, model: Module): void {
  const [theirs, ours] = [(file ?? '').split('\n'), String(model).split('\n')];
  const line = ours.findIndex((text, i) => text !== theirs[i]);
  if (line >= 0 || theirs.length > ours.length) {
    const at = line >= 0 ? line : ours.length;
    throw new ParseError(
      `${op}: the file's architecture differs in line ${at + 1}: ${theirs[at]?.trim() ?? 'nothing'}, the model has ${ours[at]?.trim() ?? 'nothing'}`,
    );
  }
}

// Numbers as texts, since JSON has no infinity.
const texts = (_: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

function scheduleState(text: string): ScheduleState & PlateauState {
  try {
    const state = JSON.parse(text, (_, v) => (typeof v === 'string' ? Number(v) : v)) as unknown;
    if (typeof state === 'object' && state !== null) return state as ScheduleState & PlateauState;
  } catch {
    // Refused below, as any other text that is no state.
  }
  throw new ParseError(`${op}: metadata 'schedule' is no state of a schedule`);
}

const copies = (state: StateDict): StateDict =>
  Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t.detach().clone()]));

/** @internal Model, optimizer and random stream as they are now; the function puts them back so. */
export function snapshot(model: Module, optimizer: Optimizer): () => void {
  const kept = [model.stateDict(), buffersOf(model)].map(copies);
  const optimizerState = copies(optimizer.stateDict());
  const gradients = new Map(model.parameters().map((p) => [p, p.grad?.clone() ?? null]));
  const random = getRngState();
  return () => {
    const now = [model.stateDict(), buffersOf(model)];
    now.forEach((state, i) => {
      for (const [name, t] of Object.entries(state)) t.copy_(kept[i]![name]!);
    });
    optimizer.loadStateDict(optimizerState);
    for (const [p, gradient] of gradients) p.grad = gradient;
    setRngState(random);
  };
}

/**
 * Puts a checkpoint back: into a model of the same architecture, and into whatever else is given and was saved. `fit` goes
 * on from its `resume`, bit for bit as if it had never stopped. A file that is damaged, or that fits the parts not, is a
 * ParseError that names the place, and nothing has changed.
 */
export function loadCheckpoint(bytes: Uint8Array | ArrayBuffer, parts: CheckpointParts): Checkpoint {
  checkParts(op, parts);
  const { model, optimizer, schedule, average } = parts;
  const file = fileBytes(bytes, op, 'bytes');
  return tidy(() => {
    const { tensors, metadata } = readSafetensors(file);
    const theirs = metadata['fluxion.checkpoint'] ?? 'missing';
    if (theirs !== version)
      throw new ParseError(
        `${op}: the file is no checkpoint of version ${version}: metadata 'fluxion.checkpoint' is ${theirs}`,
      );
    checkArchitecture(metadata.architecture, model);
    const gradients = below('gradients.', tensors);
    const parameters = Object.fromEntries(model.namedParameters());
    const [own, buffers] = [model.stateDict(), buffersOf(model)];
    checkTensors('tensor', below('model.', tensors), own);
    checkTensors('buffer', below('buffers.', tensors), buffers);
    const known = Object.keys(gradients).filter((name) => Object.hasOwn(parameters, name));
    checkTensors('gradient', gradients, Object.fromEntries(known.map((name) => [name, parameters[name]!])));
    const averages = average ? averagesOf(average) : {};
    if (average) {
      checkTensors('average', below('average.', tensors), averages);
      if (!/^\d+$/.test(metadata.averaged ?? ''))
        throw new ParseError(`${op}: metadata 'averaged' is no count: ${metadata.averaged ?? 'missing'}`);
    }
    if (!tensors.random) throw new ParseError(`${op}: tensor 'random' is missing`);
    const optimizerState = below('optimizer.', tensors);
    if (optimizer && !Object.keys(optimizerState).length)
      throw new ParseError(`${op}: the file holds no optimizer`);
    const before = {
      optimizer: optimizer && copies(optimizer.stateDict()),
      schedule: schedule?.stateDict(),
      random: getRngState(),
    };
    const place = schedule && scheduleState(metadata.schedule ?? '');

    // These check for themselves; what they have changed is taken back when a later one refuses.
    try {
      setRngState(tensors.random);
      schedule?.loadStateDict(place!);
      optimizer?.loadStateDict(optimizerState);
    } catch (error) {
      setRngState(before.random);
      if (before.schedule) schedule!.loadStateDict(before.schedule as ScheduleState & PlateauState);
      if (before.optimizer) optimizer!.loadStateDict(before.optimizer);
      throw new ParseError(`${op}: ${(error as FluxionError).message}`);
    }
    const write = (into: StateDict, from: StateDict): void => {
      for (const [name, t] of Object.entries(into)) t.copy_(from[name]!);
    };
    write(own, below('model.', tensors));
    write(buffers, below('buffers.', tensors));
    for (const [name, p] of Object.entries(parameters)) p.grad = gradients[name]?.clone() ?? null;
    if (average) {
      write(averages, below('average.', tensors));
      average.nAveraged = integer(Number(metadata.averaged), op, 'averaged');
    }
    const resume = below('fit.', tensors);
    const user = Object.entries(metadata).flatMap(([key, value]) =>
      key.startsWith('user.') ? [[key.slice(5), value] as const] : [],
    );
    return {
      resume: Object.keys(resume).length ? resume : undefined,
      metadata: Object.fromEntries(user),
    };
  });
}
