// compile: a replayed step gives the bits of one that runs as it is, and says when it cannot be replayed.
import {
  compile,
  F,
  init,
  manualSeed,
  memory,
  nn,
  noGrad,
  optim,
  randint,
  randn,
  type Tensor,
  tensor,
  tidy,
} from 'fluxion';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
/** The one warning so far, which was expected. */
function warned(): string {
  expect(warn).toHaveBeenCalledTimes(1);
  const text = String(warn.mock.calls[0]![0]);
  warn.mockClear();
  return text;
}

class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  drop = new nn.Dropout(0.2);
  out = new nn.Linear(8, 1);
  forward(x: Tensor): Tensor {
    const h = this.hidden.forward(x).tanh();
    return this.out.forward(this.training ? this.drop.forward(h) : h).sigmoid();
  }
}

const xor = (): [Tensor, Tensor] => [
  tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
  tensor([[0], [1], [1], [0]]),
];

const values = (model: nn.Module): number[][] => model.parameters().map((p) => [...p.toTypedArray()]);

test('a JavaScript model trains to the same bits', () => {
  const run = (compiled: boolean): [number[], number[][]] => {
    manualSeed(3);
    const model = new Net();
    const opt = new optim.AdamW(model.parameters(), { lr: 0.05 });
    const schedule = new optim.lrScheduler.CosineAnnealingLR(opt, 30);
    const [x, y] = xor();
    const step = (a: Tensor, b: Tensor): Tensor => {
      opt.zeroGrad();
      const loss = F.mseLoss(model.forward(a), b);
      loss.backward();
      nn.utils.clipGradNorm(model.parameters(), 1);
      opt.step();
      schedule.step();
      return loss;
    };
    const turn = compiled ? compile(step) : step;
    const losses = Array.from({ length: 30 }, () => tidy(() => turn(x, y).item()));
    if (compiled)
      expect((turn as ReturnType<typeof compile>).info()).toMatchObject({ recordings: 1, replays: 29 });
    return [losses, values(model)];
  };
  expect(run(true)).toEqual(run(false));
});

test('results keep their form, and each call gives its own', () => {
  const step = compile((x: Tensor, o: { add: Tensor; times: number }) => ({
    sum: x.add(o.add).mul(o.times),
    list: [x, 'text', null] as const,
  }));
  const a = step(tensor([1, 2]), { add: tensor([1, 1]), times: 2 });
  const b = step(tensor([3, 4]), { add: tensor([1, 1]), times: 2 });
  const c = step(tensor([3, 4]), { add: tensor([1, 1]), times: 10 });
  expect(a.sum.toArray()).toEqual([4, 6]);
  expect(b.sum.toArray()).toEqual([8, 10]);
  expect(c.sum.toArray()).toEqual([40, 50]);
  expect(b.list[0].toArray()).toEqual([3, 4]);
  expect(b.list.slice(1)).toEqual(['text', null]);
  expect(step.info()).toMatchObject({ recordings: 2, replays: 1, refusal: null });
});

test('a number and the text of it are two things', () => {
  const step = compile((x: Tensor, by: number | string) => (typeof by === 'number' ? x.add(by) : x));
  const x = tensor([1]);
  expect([step(x, 1).item(), step(x, '1').item(), step(x, 1).item(), step(x, Number.NaN).item()]).toEqual([
    2,
    1,
    2,
    Number.NaN,
  ]);
});

test('a step without arguments reads tensors from outside anew', () => {
  const x = tensor([1, 2]);
  const step = compile(() => x.square().sum());
  expect(step().item()).toBe(5);
  noGrad(() => x.add_(1));
  expect(step().item()).toBe(13);
  expect(step.info()).toMatchObject({ recordings: 1, replays: 1 });
});

test('modes of JavaScript modules are noticed', () => {
  manualSeed(0);
  const model = new Net();
  const step = compile((x: Tensor) => noGrad(() => model.forward(x)));
  const [x] = xor();
  model.eval();
  const expected = noGrad(() => model.forward(x)).toArray();
  expect(step(x).toArray()).toEqual(expected);
  model.train();
  step(x);
  expect(step.info().recordings).toBe(2);
  model.eval();
  expect(step(x).toArray()).toEqual(expected);
  expect(step.info()).toMatchObject({ recordings: 2, replays: 1 });
});

test('hooks and parameters that come later are noticed', () => {
  const model = new Net().eval();
  const step = compile((x: Tensor) => noGrad(() => model.forward(x)));
  const [x] = xor();
  step(x);
  step(x);
  let seen = 0;
  const hook = model.registerForwardHook(() => {
    seen++;
  });
  step(x);
  step(x);
  expect(seen).toBe(2);
  expect(warned()).toBe('compile: the step runs as it is, without being replayed: a module has a hook');
  hook.remove();
  step(x);
  step(x);
  expect(seen).toBe(2);
  model.out = new nn.Linear(8, 1);
  expect(step(x).toArray()).toEqual(noGrad(() => model.forward(x)).toArray());
});

test('what cannot be replayed runs as it is, with a warning that says why', () => {
  let runs = 0;
  const refused = (step: (x: Tensor) => unknown): string => {
    const f = compile((x: Tensor) => {
      runs++;
      return step(x) as Tensor;
    });
    runs = 0;
    f(tensor([1, 2]));
    f(tensor([1, 2]));
    expect(runs).toBe(2);
    const why = f.info().refusal!;
    expect(warned()).toBe(`compile: the step runs as it is, without being replayed: ${why}`);
    return why;
  };
  expect(refused((x) => x.mul(x.sum().item()))).toBe("a tensor's values were read");
  expect(refused((x) => x.mul((x.toArray() as number[])[0]!))).toBe("a tensor's values were read");
  expect(refused((x) => x.add(tensor([1, 1])))).toBe(
    "a tensor was made from JavaScript's values; make it outside, or pass it as an argument",
  );
  expect(refused((x) => x.add_(1))).toBe('it changes its arguments in place');
  const w = tensor([1], { requiresGrad: true });
  expect(refused((x) => x.mul(w))).toBe(
    'a result still needs a backward pass; take it inside, or use noGrad',
  );
  const opt = new optim.SGD([w], { lr: 0.1 });
  expect(
    refused(() => {
      opt.lr = 0.2;
    }),
  ).toBe("an optimizer's option was set; let a schedule do that");
});

test('arguments and steps that make no sense are refused', () => {
  expect(() => compile(3 as never)).toThrow('compile: the step must be a function, got 3');
  expect(() => compile((x: unknown) => x)(() => 1)).toThrow('compile: an argument must be a tensor');
  expect(() => compile(async () => 1)()).toThrow('compile: the step returned a Promise');
  const x = tensor([1]);
  const step = compile((t: Tensor) => t.add(1));
  step(x);
  x.dispose();
  expect(() => step(x)).toThrow('compile: the tensor of shape [1] made by tensor was disposed of');
  step.dispose();
  expect(() => step(tensor([1]))).toThrow('compile: the step was disposed of');
});

test('an error in a replayed check names what is wrong', () => {
  const table = randn([4, 2]);
  const step = compile((i: Tensor) => F.embedding(i, table));
  step(tensor([0, 3], { dtype: 'int32' }));
  expect(() => step(tensor([0, 4], { dtype: 'int32' }))).toThrow(
    'index 4 at position 1 is out of range for size 4',
  );
  expect(step(tensor([1, 1], { dtype: 'int32' })).shape).toEqual([2, 2]);
});

test('an error of the step itself passes through, and nothing of it stays', () => {
  let fail = true;
  const step = compile((x: Tensor) => {
    if (fail) throw new RangeError('mine');
    return x.add(1);
  });
  const x = tensor([1]);
  expect(() => step(x)).toThrow(RangeError);
  fail = false;
  expect([step(x).item(), step(x).item()]).toEqual([2, 2]);
});

test('replays leave nothing behind', () => {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3));
  const opt = new optim.Adam(model.parameters());
  const x = randn([5, 4]);
  const y = randint(0, 3, [5]);
  const step = compile((a: Tensor, b: Tensor) => {
    opt.zeroGrad();
    const loss = F.crossEntropy(model.forward(a), b);
    loss.backward();
    opt.step();
    return loss;
  });
  const turn = (): number => tidy(() => step(x, y).item());
  for (let i = 0; i < 3; i++) turn();
  const before = memory();
  for (let i = 0; i < 100; i++) turn();
  const { peakBytes: _, poolHits: __, ...after } = memory();
  expect(before).toMatchObject(after);
});

test('fit replays JavaScript models: their code runs for the recording only', async () => {
  const train = async (compiled: boolean): Promise<[number, number[], number[][]]> => {
    manualSeed(5);
    let calls = 0;
    class Counted extends Net {
      override forward(x: Tensor): Tensor {
        calls++;
        return super.forward(x);
      }
    }
    const model = new Counted();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
    const [x, y] = xor();
    const { history } = await model.fit(x, y, {
      epochs: 20,
      batchSize: 3,
      optimizer,
      loss: F.mseLoss,
      compile: compiled,
    });
    return [calls, history.map((e) => e.loss), values(model)];
  };
  const [eagerCalls, ...eager] = await train(false);
  const [calls, ...replayed] = await train(true);
  expect(replayed).toEqual(eager);
  expect([eagerCalls, calls]).toEqual([40, 2]); // batches of 3 and of 1
});
