// Who owns what: tidy, dispose, using, the garbage collector; and that training needs no memory after its first steps.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { data, F, init, manualSeed, memory, nn, optim, type Tensor, tensor, tidy, zeros } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  out = new nn.Linear(8, 1);
  override forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x).tanh()).sigmoid();
  }
}

const counts = (): { tensors: number; bytes: number; handles: number; nodes: number } => {
  const { tensors, bytes, handles, graphNodes } = memory();
  return { tensors, bytes, handles, nodes: graphNodes };
};

describe('10,000 steps', () => {
  test('of a loop with tidy take nothing fresh after step 2', () => {
    manualSeed(7);
    const model = new Net();
    const [x, y] = data.xor();
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
    let loss = 0;
    const step = (): void =>
      tidy(() => {
        const l = F.mseLoss(model.forward(x), y);
        optimizer.zeroGrad();
        l.backward();
        optimizer.step();
        loss = l.item();
      });
    step();
    step();
    const before = memory();
    for (let i = 2; i < 10_000; i++) step();
    const after = memory();
    expect(after.freshAllocations).toBe(before.freshAllocations);
    expect(after.wasmBytes).toBe(before.wasmBytes);
    expect(after.tensors).toBe(before.tensors);
    expect(after.handles).toBe(before.handles);
    expect(after.bytes).toBe(before.bytes);
    expect(after.graphNodes).toBe(before.graphNodes);
    expect(after.poolHits).toBeGreaterThan(before.poolHits + 10_000);
    expect(loss).toBeLessThan(0.01);
  });

  for (const [kind, make] of [
    [
      'C++',
      () => new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1), new nn.Sigmoid()),
    ],
    ['JavaScript', () => new Net()],
  ] as const)
    test(`of fit with a module of ${kind} take nothing fresh after step 2`, async () => {
      manualSeed(7);
      const model = make();
      const [x, y] = data.xor();
      const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
      let before = memory();
      let after = before;
      let steps = 0;
      await model.fit(x, y, {
        epochs: 5000,
        batchSize: 2,
        optimizer,
        loss: F.mseLoss,
        onBatchEnd: () => {
          steps++;
          if (steps === 2) before = memory();
          if (steps === 10_000) after = memory();
        },
      });
      expect(steps).toBe(10_000);
      expect(after.freshAllocations).toBe(before.freshAllocations);
      expect(after.wasmBytes).toBe(before.wasmBytes);
      expect(after.tensors).toBe(before.tensors);
      expect(after.handles).toBe(before.handles);
    });

  test('of gradients of gradients, hooks and closures leave nothing', () => {
    const w = tensor([0.5, -1], { requiresGrad: true });
    const step = (): void =>
      tidy(() => {
        const y = w.pow(3).sin();
        y.registerHook((g) => g.mul(2));
        y.sum().backward({ createGraph: true });
        w.grad!.square().sum().backward();
        w.grad = null;
      });
    step();
    step();
    const before = memory();
    for (let i = 0; i < 500; i++) step();
    const after = memory();
    expect(after.freshAllocations).toBe(before.freshAllocations);
    expect(after.tensors).toBe(before.tensors);
    expect(after.graphNodes).toBe(before.graphNodes);
    expect(after.wasmBytes).toBe(before.wasmBytes);
  });
});

describe('tidy', () => {
  test('keeps what is returned, at any depth, and nothing else', () => {
    const before = counts();
    const kept = tidy(() => {
      zeros([10]).add(1);
      return { list: [tensor([1]), new Map([['k', tensor([2])]])], set: new Set([tensor([3])]), plain: 4 };
    });
    expect(memory().tensors).toBe(before.tensors + 3);
    const [first, map] = kept.list as [Tensor, Map<string, Tensor>];
    expect([first.item(), map.get('k')!.item(), [...kept.set][0]!.item(), kept.plain]).toEqual([1, 2, 3, 4]);
    for (const t of [first, map.get('k')!, ...kept.set]) t.dispose();
    expect(counts()).toEqual(before);
  });

  test('nests: the inner result belongs to the outer scope', () => {
    const before = counts();
    let inner: Tensor | undefined;
    const sum = tidy(() => {
      inner = tidy(() => tensor([1, 2]).mul(2));
      expect(inner.isDisposed).toBe(false);
      return inner.sum().item();
    });
    expect(sum).toBe(6);
    expect(inner!.isDisposed).toBe(true);
    expect(counts()).toEqual(before);
  });

  test('keep() lets one survive, gradients survive by themselves', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const kept = tidy(() => {
      w.square().sum().backward();
      const t = w.mul(3);
      t.keep();
      return () => t;
    });
    expect(kept().toArray()).toEqual([3, 6]);
    expect(w.grad!.toArray()).toEqual([2, 4]);
    kept().dispose();
  });

  test('what is assigned to a module survives', () => {
    const model = new Net() as Net & { extra?: Tensor; list?: Tensor[] };
    tidy(() => {
      model.extra = tensor([1, 2]);
      model.list = [tensor([3])];
      model.hidden = new nn.Linear(2, 8);
      model.registerBuffer('mean', tensor([5]));
    });
    expect(model.extra!.toArray()).toEqual([1, 2]);
    expect(model.list![0]!.item()).toBe(3);
    expect(model.forward(zeros([1, 2])).shape).toEqual([1, 1]);
    expect(model.namedBuffers()[0]![1].item()).toBe(5);
  });

  test('optimizer state, running statistics and parameters made inside survive', () => {
    const { model, optimizer } = tidy(() => {
      const m = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
      return { model: m, optimizer: new optim.Adam(m.parameters()) };
    });
    const x = tensor([
      [1, 2],
      [3, 5],
    ]);
    for (let i = 0; i < 2; i++)
      tidy(() => {
        optimizer.zeroGrad();
        model.forward(x).square().sum().backward();
        optimizer.step();
      });
    expect(Object.keys(optimizer.stateDict()).length).toBeGreaterThan(8);
    expect(model.eval().forward(x).shape).toEqual([2, 2]);
    expect(model.namedBuffers().length).toBe(3);
  });

  test('a view keeps its storage when what it was taken from goes', () => {
    const view = tidy(() =>
      tensor([
        [1, 2],
        [3, 4],
      ]).at(1),
    );
    expect(view.toArray()).toEqual([3, 4]);
    view.dispose();
  });
});

describe('dispose and using', () => {
  test('give the memory back at once', () => {
    const before = counts();
    const t = zeros([1000]);
    expect(memory().bytes).toBe(before.bytes + 4000);
    t.dispose();
    expect(counts()).toEqual(before);
    {
      using u = zeros([1000]);
      expect(u.isDisposed).toBe(false);
    }
    expect(counts()).toEqual(before);
  });

  test('storage lives as long as a view of it', () => {
    const before = counts();
    const t = tensor([1, 2, 3]);
    const view = t.narrow(0, 1, 2);
    t.dispose();
    expect(view.toArray()).toEqual([2, 3]);
    view.dispose();
    expect(counts()).toEqual(before);
  });

  test('modules and optimizers too', () => {
    const before = counts();
    {
      using model = new nn.Sequential(new nn.Linear(20, 20), new nn.ReLU());
      const layer = model[0]!;
      using optimizer = new optim.Adam(model.parameters());
      tidy(() =>
        model
          .forward(zeros([2, 20]))
          .sum()
          .backward(),
      );
      optimizer.step();
      layer.dispose();
    }
    expect(memory().bytes).toBeLessThanOrEqual(before.bytes + 4 * 420 * 4);
  });
});

describe('a disposed module leaves nothing to the garbage collector', () => {
  // Forward, all that walks the children, and training: whatever makes handles.
  const use = (model: nn.Module, x: Tensor): void => {
    tidy(() => (model as nn.NativeModule).forward(x).sum().backward());
    expect(model.parameterCount()).toBeGreaterThan(0);
    expect(String(model)).not.toBe('');
    model.train().eval();
    tidy(() => void model.loadStateDict(model.stateDict()));
  };
  class Whole extends nn.Module {
    scale = new nn.Parameter(zeros([3]));
    notes = { shift: zeros([3]), more: [zeros([2])] };
    list = new nn.ModuleList([new nn.Linear(3, 3), new nn.Sequential(new nn.Linear(3, 3))]);
    same = this.list;
    up: nn.Module = this;
    constructor() {
      super();
      this.registerBuffer('seen', zeros([3]));
    }
    override namedChildren(): [string, nn.Module][] {
      return super.namedChildren().filter(([name]) => name !== 'up');
    }
    override forward(x: Tensor): Tensor {
      return (this.list[1] as nn.Sequential).forward(x).mul(this.scale).add(this.notes.shift);
    }
  }
  const nested = () =>
    new nn.Sequential(
      new nn.Linear(3, 4),
      new nn.Sequential(new nn.BatchNorm1d(4), new nn.Tanh()),
      new nn.Linear(4, 3),
    );
  const ids = () => tensor([[0, 1, 2]], { dtype: 'int32' });
  const cases: [string, () => nn.Module, () => Tensor][] = [
    ['Sequential', nested, () => zeros([2, 3])],
    ['a Sequential that has grown', () => grown(), () => zeros([2, 3])],
    ['TransformerBlock', () => new nn.TransformerBlock(8, 2), () => zeros([1, 3, 8])],
    ['GPT', () => new nn.GPT({ vocabSize: 5, nLayer: 2, nHead: 2, nEmbd: 8, blockSize: 4 }), ids],
    ['one written in JavaScript, that holds itself', () => new Whole(), () => zeros([2, 3])],
  ];
  const grown = (): nn.Sequential => {
    const model = nested();
    tidy(() => void model.forward(zeros([2, 3])));
    return model.append(new nn.Tanh());
  };
  for (const [name, make, input] of cases)
    test(name, () => {
      const x = input();
      const before = counts();
      const model = tidy(make);
      use(model, x);
      expect(counts().tensors).toBeGreaterThan(before.tensors);
      model.dispose();
      expect(counts()).toEqual(before);
      model.dispose();
      expect(counts()).toEqual(before);
    });

  test("a child's own dispose() is called, once", () => {
    let calls = 0;
    class Child extends nn.Linear {
      override dispose(): void {
        calls++;
        super.dispose();
      }
    }
    const child = new Child(2, 2);
    new nn.ModuleList([child]).dispose();
    expect(calls).toBe(1);
    expect(() => child.forward(zeros([2]))).toThrow('Child: the module was disposed of');
  });
});

describe('the garbage collector', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const settled = async (done: () => boolean): Promise<boolean> => {
    for (let i = 0; i < 50 && !done(); i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return done();
  };

  test('gives back tensors that nobody holds', async () => {
    await settled(() => false || true);
    const before = memory();
    (() => {
      for (let i = 0; i < 200; i++) zeros([1000]);
    })();
    expect(memory().tensors).toBeGreaterThanOrEqual(before.tensors + 100);
    expect(await settled(() => memory().tensors <= before.tensors)).toBe(true);
  });

  test('does not touch those that were disposed of or are held', async () => {
    const held = zeros([10]);
    (() => {
      for (let i = 0; i < 50; i++) zeros([10]).dispose();
    })();
    await settled(() => true);
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(held.toArray()).toEqual(new Array(10).fill(0));
  });

  test('gives back modules and optimizers', async () => {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = memory();
    (() => {
      for (let i = 0; i < 20; i++) {
        const model = new Net();
        const optimizer = new optim.Adam(model.parameters());
        tidy(() =>
          model
            .forward(zeros([1, 2]))
            .sum()
            .backward(),
        );
        optimizer.step();
      }
    })();
    expect(memory().tensors).toBeGreaterThan(before.tensors + 100);
    expect(await settled(() => memory().tensors <= before.tensors)).toBe(true);
  });
});

test('memory() counts what it says', () => {
  const before = memory();
  const t = zeros([1024]);
  const after = memory();
  expect(after.tensors).toBe(before.tensors + 1);
  expect(after.handles).toBe(before.handles + 1);
  expect(after.bytes).toBe(before.bytes + 4096);
  expect(after.peakBytes).toBeGreaterThanOrEqual(after.bytes);
  expect(after.reservedBytes).toBeGreaterThanOrEqual(after.bytes);
  expect(after.wasmBytes % 65536).toBe(0);
  expect(after.poolHits + after.freshAllocations).toBe(before.poolHits + before.freshAllocations + 1);
  t.dispose();
  const hits = memory().poolHits;
  zeros([1024]).dispose();
  expect(memory().poolHits).toBe(hits + 1);
});
