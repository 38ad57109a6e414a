import { beforeEach, expect, test } from 'vitest';
import { Host } from './host.ts';
import type { LessonEvent, LessonRun, Snapshot } from './protocol.ts';

/** A run of two steps an epoch, whose loss at one step is not a number, and that rests at another. */
class Fake implements LessonRun {
  disposed = false;
  factor = 1;
  readonly options: { bad?: number; rest?: number; throws?: number };

  constructor(options: { bad?: number; rest?: number; throws?: number }) {
    this.options = options;
  }

  *train(): Generator<LessonEvent> {
    for (let step = 1; ; step++) {
      yield { step, epoch: Math.ceil(step / 2) };
      for (const began = performance.now(); performance.now() - began < 0.2; );
      if (step === this.options.throws) throw new Error('exp: no such thing.');
      const loss = step === this.options.bad ? Number.NaN : this.factor / step;
      yield { step, epoch: Math.ceil(step / 2), loss, done: step === this.options.rest };
    }
  }

  picture() {
    return 'a picture';
  }
  set(_: string, value: string | number) {
    this.factor = Number(value);
  }
  double(x: number) {
    return 2 * x;
  }
  diagnose() {
    return 'It was exp.';
  }
  dispose() {
    this.disposed = true;
  }
}

let runs: Fake[] = [];
const host = () =>
  new Host(async (options) => {
    if (options.broken) throw new Error('the data is not there');
    runs.push(new Fake(options));
    return runs.at(-1)!;
  });

beforeEach(() => {
  runs = [];
});

const steps = ({ events }: Snapshot) => events.filter((e) => e.loss !== undefined).map((e) => e.step);

async function until(h: Host, pass: (all: Snapshot[]) => boolean): Promise<Snapshot[]> {
  const all: Snapshot[] = [];
  while (!pass(all)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    all.push(h.poll(false));
  }
  return all;
}

test('a step is one training step, an epoch goes to its end', async () => {
  const h = host();
  await h.open({});
  await h.advance('step');
  expect(steps(h.poll(false))).toEqual([1]);
  await h.advance('epoch');
  expect(steps(h.poll(false))).toEqual([2, 3]);
  await h.advance('step');
  expect(steps(h.poll(false))).toEqual([4]);
});

test('plays in slices, answers between them, pauses, and goes on where it was', async () => {
  const h = host();
  await h.open({});
  h.play(null);
  const seen = (await until(h, (all) => all.length > 3 && steps(all.at(-1)!).length > 0)).flatMap(steps);
  expect(h.ask('double', 21)).toBe(42);
  expect(h.ask('nothing of the kind')).toBeUndefined();
  h.pause();
  await until(h, (all) => all.length > 2);
  expect(steps(h.poll(false))).toEqual([]);
  expect(seen).toEqual(seen.map((_, i) => i + 1));
});

test('keeps a pace', async () => {
  const h = host();
  await h.open({});
  const began = performance.now();
  h.play(100);
  const seen = (await until(h, () => performance.now() - began > 300)).flatMap(steps);
  h.pause();
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.length).toBeLessThan(45);
});

test('rests at the goal and can go on from it', async () => {
  const h = host();
  await h.open({ rest: 3 });
  h.play(null);
  const all = await until(h, (snapshots) => snapshots.at(-1)?.resting === true);
  expect(all.flatMap(steps)).toEqual([1, 2, 3]);
  h.play(null);
  expect((await until(h, (s) => s.flatMap(steps).length > 0)).flatMap(steps)[0]).toBe(4);
  h.pause();
});

test('a loss that is not a number stops the run and says what was first', async () => {
  const h = host();
  await h.open({ bad: 3 });
  h.play(null);
  const [failure] = (await until(h, (all) => all.at(-1)?.failure !== undefined)).flatMap(
    (s) => s.failure ?? [],
  );
  expect(failure).toBe('The loss is not a number at step 3. It was exp. Try a smaller rate.');
  await h.advance('step');
  expect(steps(h.poll(false))).toEqual([]);
  await h.open({});
  await h.advance('step');
  expect(h.poll(false)).toMatchObject({ failure: undefined, resting: false });
});

test('a step that throws stops the run with the error’s own text', async () => {
  const h = host();
  await h.open({ throws: 1 });
  await h.advance('step');
  expect(h.poll(false).failure).toBe('exp: no such thing. It was exp.');
});

test('a lesson that cannot open says why, a new one lets go of the old', async () => {
  const h = host();
  await h.open({ broken: 1 });
  expect(h.poll(true)).toMatchObject({ failure: 'the data is not there', picture: undefined });
  await h.open({});
  await h.open({});
  expect(runs.map((r) => r.disposed)).toEqual([true, false]);
  h.set('factor', 8);
  await h.advance('step');
  expect(h.poll(true)).toMatchObject({ picture: 'a picture', events: [{}, { step: 1, loss: 8 }] });
});
