/** What a lesson's worker and its page say to each other. All of it is plain data. */
import type { Values } from '../elements/controls.ts';

/** One thing that happened while training. Only a training step carries a loss. */
export interface LessonEvent {
  step: number;
  loss?: number;
  epoch?: number;
  /** The goal is reached; training rests until it is asked to go on. */
  done?: boolean;
}

/** A model in training, as every lesson's train.ts offers it. */
export interface LessonRun {
  /** Small pieces of work, one per call of next(), without end. */
  train(): Iterator<LessonEvent>;
  /** What the figure draws, made only when it is about to be drawn. */
  picture?(): unknown;
  /** Changes a setting while training goes on. */
  set?(name: string, value: string | number): void;
  /** Names what first went wrong when the loss is not a number. */
  diagnose?(): string;
  dispose(): void;
}

export interface Loading {
  what: string;
  loaded: number;
  total: number;
}

export interface Device {
  simd: string;
  threads: number;
  note: string;
}

export interface Snapshot {
  /** How many times the lesson was opened: events of an older run are told apart by it. */
  run: number;
  events: LessonEvent[];
  picture: unknown;
  resting: boolean;
  loading: Loading | undefined;
  failure: string | undefined;
}

/** Fetches a packed file that belongs to the lesson, and says how much of it has come. */
export type Load = (what: string, url: string, size: number) => Promise<ArrayBuffer>;

export type OpenLesson = (options: Values, load: Load) => Promise<LessonRun>;
