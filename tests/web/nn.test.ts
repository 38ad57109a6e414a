// Modules and optimizers: against PyTorch's numbers (tests/fixtures/modules.py made them), and their ways.
import { readFileSync } from 'node:fs';
import {
  F,
  FluxionError,
  init,
  io,
  manualSeed,
  memory,
  nn,
  ones,
  optim,
  rand,
  type Tensor,
  tensor,
  tidy,
  zeros,
  noGrad,
} from 'fluxion';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Arg, camel, rows } from './lib/rows.ts';

type StateDict = Record<string, Tensor>;
type Construct = new (...args: unknown[]) => nn.Module & { forward(...inputs: Tensor[]): Tensor };

let fixtures: StateDict;
beforeAll(async () => {
  await init({ simd: 'simd', threads: 1 });
  fixtures = io.loadSafetensors(
    new Uint8Array(readFileSync(new URL('../fixtures/modules.safetensors', import.meta.url))),
  );
});
afterAll(() => {
  for (const t of Object.values(fixtures)) t.dispose();
});

/** Those fixtures whose names begin with the prefix, without it. */
const below = (prefix: string): StateDict =>
  Object.fromEntries(
    Object.entries(fixtures)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, t]) => [name.slice(prefix.length), t]),
  );

function parsed(text: string): unknown {
  if (/^\[.*\]$/.test(text) || /^(true|false|null)$/.test(text)) return JSON.parse(text);
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** "inFeatures=3 bias=false" as constructor arguments. */
function argumentsOf(args: readonly Arg[], text: string): unknown[] {
  const given = new Map(
    text
      .split(' ')
      .filter(Boolean)
      .map((part): [string, unknown] => {
        const [name, value] = part.split('=') as [string, string];
        return name === 'paddingMode' ? ['padding', value] : [name, parsed(value)];
      }),
  );
  const required = args.filter((a) => !a.option && a.default === null).map((a) => given.get(a.name));
  const rest = args.filter((a) => (a.option || a.default !== null) && given.has(a.name));
  return rest.length
    ? [...required, Object.fromEntries(rest.map((a) => [camel(a.name), given.get(a.name)]))]
    : required;
}

function agree(
  what: string,
  ours: Tensor | null | undefined,
  theirs: Tensor | undefined,
  tolerance: number,
): void {
  expect(theirs, `${what} in the fixture`).toBeDefined();
  expect(ours, what).toBeTruthy();
  expect(ours!.shape, `${what}'s shape`).toEqual(theirs!.shape);
  const [a, b] = [ours!.toTypedArray(), theirs!.toTypedArray()];
  const far = b.findIndex((v, i) => !(Math.abs(a[i]! - v) <= tolerance * (1 + Math.abs(v))));
  expect(far, `${what}: element ${far} is ${a[far]}, PyTorch's ${b[far]}`).toBe(-1);
}

interface Sample {
  args: string;
  torch: string;
}

describe('modules against PyTorch', () => {
  for (const row of rows.modules) {
    const { samples, isLoss } = row as typeof row & { samples: Sample[]; isLoss: boolean };
    samples.forEach((sample, k) => {
      if (!sample.torch) return;
      const name = `${row.name}#${k}`;
      test(`${name} ${sample.args}`, () => {
        const before = memory().tensors;
        tidy(() => {
          manualSeed(0);
          const Class = (nn as unknown as Record<string, Construct>)[row.name]!;
          const module = new Class(...argumentsOf(row.args, sample.args));
          const init = below(`${name}/init/`);
          const own = module.stateDict();
          expect(Object.keys(own).sort()).toEqual(Object.keys(init).sort());
          // Normal draws in float64 go through log and cos, whose last bits differ between libraries.
          for (const [key, t] of Object.entries(own))
            agree(`init ${key}`, t, init[key], t.dtype === 'float64' ? 1e-14 : 0);

          module.loadStateDict(below(`${name}/state/`));
          const fixture = below(`${name}/`);
          const x = fixture.x!.clone().detach();
          const float = x.dtype.startsWith('float');
          if (float) x.requiresGrad = true;
          const inputs = isLoss ? [x, fixture.target!, ...(fixture.third ? [fixture.third] : [])] : [x];
          // Roundings add up over a whole model.
          const tolerance = x.dtype === 'float64' ? 1e-10 : row.name === 'GPT' ? 1e-5 : 2e-6;
          // A decoder's memory is its input too.
          const { decode, translate } = module as unknown as Record<string, typeof module.forward>;
          const whole = row.name.startsWith('Transformer') ? (decode ?? translate) : undefined;
          const run = () => (whole ? whole.call(module, x, x) : module.forward(...inputs));
          manualSeed(0); // a VAE's draw
          const y = run();
          agree('y', y, fixture.y, tolerance);
          y.backward(fixture.dy!);
          if (float) agree('dx', x.grad, fixture.dx, tolerance);
          for (const [key, p] of module.namedParameters())
            agree(`grad ${key}`, p.grad, fixture[`grad/${key}`], tolerance);
          const state = module.stateDict();
          for (const [key, t] of Object.entries(below(`${name}/after/`)))
            agree(`after ${key}`, state[key], t, tolerance);
          module.eval();
          agree('y in evaluation', run(), fixture.y_eval, tolerance);
          for (const part of module.modules()) part.dispose();
        });
        expect(memory().tensors).toBe(before);
      });
    });
  }
});

describe('optimizers against PyTorch', () => {
  type MakeOptimizer = new (params: Tensor[], o: Record<string, unknown>) => optim.Optimizer;
  for (const row of rows.optimizers) {
    const { samples } = row as typeof row & { samples: { options: string }[] };
    samples.forEach((sample, k) => {
      test(`${row.name}#${k} ${sample.options}`, () => {
        tidy(() => {
          const fixture = below(`${row.name}#${k}/`);
          const params = [...fixture.start!].map((p) => p.clone().detach().requiresGrad_());
          const [options = {}] = argumentsOf(
            row.args.filter((a) => a.name !== 'params'),
            sample.options,
          ) as [Record<string, unknown>?];
          const Class = (optim as unknown as Record<string, MakeOptimizer>)[row.name]!;
          const optimizer = new Class(params, options);
          const [steps] = fixture.grads!.shape as [number];
          for (let step = 0; step < steps; step++)
            tidy(() => {
              params.forEach((p, i) => {
                p.grad = fixture.grads!.at(step, i).clone();
              });
              optimizer.step();
              params.forEach((p, i) => {
                agree(`parameter ${i} after step ${step}`, p, fixture.path!.at(step, i), 1e-10);
              });
            });
          optimizer.dispose();
        });
      });
    });
  }
});

class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  out = new nn.Linear(8, 1);
  scale = new nn.Parameter(ones([1]));
  note = 'no parameter';
  override forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x).tanh()).mul(this.scale);
  }
}

describe('modules written in JavaScript', () => {
  test('find parameters and children by field, in order', () => {
    const net = new Net();
    expect(
      net
        .namedParameters()
        .map(([name]) => name)
        .sort(),
    ).toEqual(['hidden.bias', 'hidden.weight', 'out.bias', 'out.weight', 'scale'].sort());
    expect(net.namedChildren().map(([name]) => name)).toEqual(['hidden', 'out']);
    expect(net.namedModules().map(([name]) => name)).toEqual(['', 'hidden', 'out']);
    expect(net.parameterCount()).toBe(2 * 8 + 8 + 8 + 1 + 1);
    expect(net.parameters().every((p) => p.requiresGrad && p.isLeaf)).toBe(true);
  });

  test('buffers belong to the state but are not trained', () => {
    class Counting extends nn.Module {
      declare seen: Tensor;
      constructor() {
        super();
        this.registerBuffer('seen', zeros([1]));
        this.registerBuffer('scratch', zeros([2]), { persistent: false });
      }
      override forward(x: Tensor): Tensor {
        this.seen = this.seen.add(x.shape[0]!);
        return x;
      }
    }
    const module = new Counting();
    tidy(() => module.forward(zeros([5, 2])));
    tidy(() => module.forward(zeros([2, 2])));
    expect(module.seen.item()).toBe(7);
    expect(module.namedBuffers().map(([name]) => name)).toEqual(['seen', 'scratch']);
    expect(Object.keys(module.stateDict())).toEqual(['seen']);
    expect(module.parameters()).toEqual([]);
    module.loadStateDict({ seen: tensor([3]) });
    expect(module.seen.item()).toBe(3);
  });

  test('a parameter shared by two fields counts once and is saved under both names', () => {
    class Tied extends nn.Module {
      first = new nn.Linear(3, 3, { bias: false });
      second = new nn.Linear(3, 3, { bias: false });
      constructor() {
        super();
        this.second.weight = this.first.weight;
      }
      override forward(x: Tensor): Tensor {
        return this.second.forward(this.first.forward(x));
      }
    }
    const module = new Tied();
    expect(module.parameters().length).toBe(1);
    expect(Object.keys(module.stateDict())).toEqual(['first.weight', 'second.weight']);
    module
      .forward(ones([1, 3]))
      .sum()
      .backward();
    expect(module.first.weight.grad!.toArray()).toEqual(module.second.weight.grad!.toArray());
  });

  test('modules in a plain array are not found, those in a ModuleList are', () => {
    class Listed extends nn.Module {
      lost = [new nn.Linear(1, 1)];
      kept = new nn.ModuleList([new nn.Linear(1, 2), new nn.Linear(2, 1)]);
      override forward(x: Tensor): Tensor {
        let y = x;
        for (const layer of this.kept) y = (layer as nn.Linear).forward(y);
        return y;
      }
    }
    const module = new Listed();
    expect(module.namedParameters().map(([name]) => name)).toEqual([
      'kept.0.weight',
      'kept.0.bias',
      'kept.1.weight',
      'kept.1.bias',
    ]);
    expect(module.kept.length).toBe(2);
    expect(module.forward(ones([4, 1])).shape).toEqual([4, 1]);
    expect(() => module.kept.forward()).toThrow(
      'ModuleList: a list has no forward of its own; call its modules',
    );
  });

  test('a ModuleDict holds modules under names', () => {
    const dict = new nn.ModuleDict<nn.Module>({ a: new nn.Linear(1, 2) });
    const tanh = new nn.Tanh();
    expect(dict.set('b', tanh).keys()).toEqual(['a', 'b']);
    expect(dict.get('b')).toBe(tanh);
    expect([dict.size, dict.has('c'), dict.has('forward'), dict.get('forward')]).toEqual([
      2,
      false,
      false,
      undefined,
    ]);
    expect([...dict].map(([name, m]) => `${name} ${m.typeName}`)).toEqual(['a Linear', 'b Tanh']);
    expect(dict.namedParameters().map(([name]) => name)).toEqual(['a.weight', 'a.bias']);
    expect([dict.delete('b'), dict.delete('b'), dict.values().length]).toEqual([true, false, 1]);
    expect(() => dict.set('x', 3 as never)).toThrow("ModuleDict: entry 'x' must be a Module, got 3");
    for (const name of ['forward', 'a.b', ''])
      expect(() => dict.set(name, tanh)).toThrow(`ModuleDict: '${name}' cannot name a module`);
    expect(() => dict.forward()).toThrow('ModuleDict: a dictionary has no forward of its own');
  });

  test('a class derived from one of ours takes its arguments', () => {
    class Half extends nn.Linear {
      constructor(size: number) {
        super(size, size / 2, { bias: false });
      }
    }
    expect(new Half(4).weight.shape).toEqual([2, 4]);
    expect(String(new nn.Softplus(2))).toBe('Softplus(beta=2.0, threshold=20.0)');
    expect(String(new nn.MaxPool2d(2))).toBe(
      'MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)',
    );
    expect(String(new nn.ConvTranspose1d(2, 3, 4, { stride: 2, outputPadding: 1 }))).toBe(
      'ConvTranspose1d(2, 3, kernel_size=(4,), stride=(2,), output_padding=(1,))',
    );
    expect(() => new nn.MSELoss().forward(ones([1]), ones([1]), ones([1]))).toThrow(
      'MSELoss: takes two inputs, what the model gave and what was wanted',
    );
    expect(() => new nn.TripletMarginLoss().forward(ones([1]), ones([1]))).toThrow(
      'TripletMarginLoss: takes three inputs',
    );
    expect(() => new nn.PReLU(3).forward(ones([2, 4]))).toThrow(
      'PReLU: has 3 slopes, one for each channel of [N, C, …], the input is [2, 4]',
    );
    expect(() => new nn.ZeroPad2d([1, 2])).toThrow(
      'ZeroPad2d: padding takes one number or four (left, right, top, bottom), not [1, 2]',
    );
    expect(() => new nn.Dropout2d().forward(ones([2]))).toThrow(
      'Dropout2d: needs an input of 3 or 4 dimensions, this one is [2]',
    );
    expect(() => new nn.GroupNorm(2, 3)).toThrow(
      'GroupNorm: numChannels (3) must be a multiple of numGroups (2)',
    );
    expect(() => new nn.Upsample()).toThrow('Upsample: give either size or scaleFactor');
    expect(() => new nn.Hardtanh(1, 0)).toThrow('Hardtanh: minVal 1 is above maxVal 0');
  });

  test('train and eval reach everything below', () => {
    const module = new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.Dropout(0.5)));
    expect(module.training).toBe(true);
    module.eval();
    expect(module.modules().map((m) => m.training)).toEqual([false, false, false, false]);
    const x = ones([2, 2]);
    expect(module.forward(x).toArray()).toEqual(module.forward(x).toArray());
    module.train();
    expect(module.modules().every((m) => m.training)).toBe(true);
    expect(() => module.train(1 as never)).toThrow('train: mode must be true or false, got 1');
  });

  test('freezing', () => {
    const net = new Net();
    net.hidden.requiresGrad_(false);
    net
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(net.hidden.weight.grad).toBeNull();
    expect(net.out.weight.grad).not.toBeNull();
    net.zeroGrad();
    expect(net.out.weight.grad).toBeNull();
  });

  test('apply visits children first', () => {
    const seen: string[] = [];
    new Net().apply((m) => void seen.push(m.typeName));
    expect(seen).toEqual(['Linear', 'Linear', 'Net']);
  });
});

describe('Sequential', () => {
  test('runs in order, by C++ and by JavaScript alike', () => {
    manualSeed(1);
    const inC = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
    class Doubled extends nn.Module {
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    const inJs = new nn.Sequential(inC[0]!, new Doubled(), inC[1]!, inC[2]!);
    const x = rand(5, 2);
    expect(inJs.forward(x).toArray()).toEqual(inC.forward(x).toArray());
    const byHand = F.linear(
      F.linear(x, inC[0]!.parameters()[0]!, inC[0]!.parameters()[1]!).tanh(),
      inC[2]!.parameters()[0]!,
      inC[2]!.parameters()[1]!,
    );
    expect(inC.forward(x).toArray()).toEqual(byHand.toArray());
    expect(Object.keys(inC.stateDict())).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  });

  test('follows what is appended and replaced', () => {
    const chain = new nn.Sequential(new nn.Identity());
    const x = tensor([-1, 2]);
    expect(chain.forward(x).toArray()).toEqual([-1, 2]);
    chain.append(new nn.ReLU());
    expect(chain.forward(x).toArray()).toEqual([0, 2]);
    chain[1] = new nn.LeakyReLU(0.5);
    expect(chain.forward(x).toArray()).toEqual([-0.5, 2]);
    expect(chain.at(-1)!.typeName).toBe('LeakyReLU');
    expect(() => chain.append({} as never)).toThrow(/must be a Module, got/);
  });

  test('prints as in PyTorch', () => {
    const chain = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Dropout(0.1));
    expect(String(chain)).toBe(
      'Sequential(\n  (0): Linear(in_features=2, out_features=4, bias=True)\n  (1): Tanh()\n  (2): Dropout(p=0.1)\n)',
    );
  });
});

describe('state', () => {
  test('goes from one model to another and shares memory with its own', () => {
    const [a, b] = [new Net(), new Net()];
    b.loadStateDict(a.stateDict());
    const x = rand(3, 2);
    expect(b.forward(x).toArray()).toEqual(a.forward(x).toArray());
    const state = a.stateDict();
    state.scale!.copy_(tensor([0]));
    expect(a.forward(x).toArray()).toEqual([[0], [0], [0]].map(() => [expect.closeTo(0, 10)]));
    expect(b.scale.item()).toBe(1);
  });

  test('what does not fit is named at once and changes nothing', () => {
    const net = new Net();
    const before = net.parameters().map((p) => p.toArray());
    const state: StateDict = { ...net.stateDict(), extra: zeros([1]) };
    delete state['hidden.bias'];
    state['out.weight'] = zeros([2, 8]);
    expect(() => net.loadStateDict(state)).toThrow(
      'loadStateDict: Net: missing keys: hidden.bias; unexpected keys: extra; misshapen: out.weight is [2, 8] where the module has [1, 8]',
    );
    expect(net.parameters().map((p) => p.toArray())).toEqual(before);
    delete state['out.weight'];
    expect(net.loadStateDict(state, { strict: false })).toEqual({
      missing: ['hidden.bias', 'out.weight'],
      unexpected: ['extra'],
    });
    expect(() => net.loadStateDict({ ...net.stateDict(), scale: 5 as never })).toThrow(
      "loadStateDict: 'scale' must be a Tensor, got 5",
    );
    expect(() => net.loadStateDict({}, { stirct: false } as never)).toThrow(/did you mean 'strict'/);
  });
});

describe('hooks', () => {
  for (const [kind, make] of [
    ['a C++ module', () => new nn.Linear(2, 2)],
    [
      'a JavaScript module',
      () => {
        class Own extends nn.Module {
          inner = new nn.Linear(2, 2);
          override forward(x: Tensor): Tensor {
            return this.inner.forward(x);
          }
        }
        return new Own();
      },
    ],
  ] as const)
    test(`of ${kind} see and replace`, () => {
      const module = make() as nn.Module & { forward(x: Tensor): Tensor };
      const x = tensor([[1, 2]]);
      const plain = module.forward(x).toArray();
      const seen: unknown[] = [];
      const watch = module.registerForwardHook((m, input, output) => {
        seen.push(m === module, input.toArray(), output.toArray());
      });
      module.forward(x);
      expect(seen).toEqual([true, [[1, 2]], plain]);
      const zero = module.registerForwardPreHook((_, input) => input.mul(0));
      const negate = module.registerForwardHook((_, __, output) => output.neg());
      const bias = module.forward(x).neg().toArray();
      zero.remove();
      negate.remove();
      watch.remove();
      expect(bias).toEqual(module.forward(zeros([1, 2])).toArray());
      expect(module.forward(x).toArray()).toEqual(plain);
      expect(seen.length).toBe(6);
    });
});

describe('layers of their own kind', () => {
  test('attention with a causal mask sees no later step', () => {
    tidy(() => {
      manualSeed(2);
      const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
      const x = rand(1, 5, 8);
      const later = x.clone();
      later.at(0, -1).copy_(zeros([8]));
      const y = attention.attend(x, x, x, { isCausal: true });
      const z = attention.attend(later, later, later, { isCausal: true });
      expect(z.at(0, ':4').toArray()).toEqual(y.at(0, ':4').toArray());
      expect(z.at(0, 4).toArray()).not.toEqual(y.at(0, 4).toArray());
      const w = attention.weights(x, x, { isCausal: true });
      expect(w.triu(1).abs().max().item()).toBe(0);
      expect(w.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-6);
    });
  });

  test('batch norm keeps running statistics and uses them in evaluation', () => {
    const norm = new nn.BatchNorm1d(2, { momentum: 0.5 });
    tidy(() =>
      norm.forward(
        tensor([
          [1, 10],
          [3, 30],
        ]),
      ),
    );
    expect(norm.runningMean!.toArray()).toEqual([1, 10]);
    expect(norm.numBatchesTracked!.item()).toBe(1);
    expect(norm.runningVar!.toArray()).toEqual([1.5, 100.5]);
    const y = norm.eval().forward(tensor([[1, 10]]));
    expect(y.toArray()).toEqual([[0, 0]]);
    expect(norm.numBatchesTracked!.item()).toBe(1);
  });

  test('a GPT has the weights that the reference model has', () => {
    const model = new nn.GPT({ vocabSize: 83, nLayer: 2, nHead: 4, nEmbd: 48, blockSize: 48 });
    expect(model.parameterCount()).toBe(66_912);
    expect(model.lmHead.weight.shape).toEqual([83, 48]);
    expect(model.wte.weight.shape).toEqual([83, 48]);
    expect(model.namedParameters().map(([name]) => name)).toContain('h.1.attn.out_proj.weight');
    model.dispose();
  });

  test('parameters are one object each and can be replaced', () => {
    const layer = new nn.Linear(2, 1);
    expect(layer.weight).toBe(layer.weight);
    expect(layer.parameters()[0]).toBe(layer.weight);
    layer.weight = new nn.Parameter(tensor([[2, 3]]));
    noGrad(() => layer.bias!.copy_(tensor([1])));
    expect(layer.forward(tensor([1, 1])).item()).toBe(6);
    expect(new nn.Linear(2, 1, { bias: false }).bias).toBeNull();
    expect(() => {
      layer.weight = zeros([3]);
    }).toThrow(FluxionError);
  });

  test('a Sequential sees that one inside it has changed', () => {
    const inner = new nn.Sequential(new nn.ReLU());
    const outer = new nn.Sequential(inner);
    const x = tensor([-1, 2]);
    expect(outer.forward(x).toArray()).toEqual([0, 2]);
    inner.append(new nn.LeakyReLU(0.5));
    inner[0] = new nn.Flatten(0);
    expect(outer.forward(x).toArray()).toEqual([-0.5, 2]);
    inner.registerForwardHook((_, _x, y) => y.mul(3));
    expect(outer.forward(x).toArray()).toEqual([-1.5, 6]);
  });

  test('a disposed module says so', () => {
    const layer = new nn.Linear(2, 1);
    layer.dispose();
    layer.dispose();
    expect(() => layer.forward(zeros([2]))).toThrow('Linear: the module was disposed of');
    const chain = new nn.Sequential(new nn.Tanh());
    chain.forward(zeros([2]));
    chain.dispose();
    expect(() => chain.forward(zeros([2]))).toThrow('Tanh: the module was disposed of');
  });

  test('initialisers', () => {
    const w = nn.init.ones_(zeros([2, 2]));
    expect(w.toArray()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(nn.init.constant_(w, 3)).toBe(w);
    manualSeed(1);
    const bound = Math.sqrt(6 / (300 + 200));
    const values = nn.init.xavierUniform_(zeros([200, 300]));
    expect(values.abs().max().item()).toBeLessThanOrEqual(bound);
    expect(values.abs().max().item()).toBeGreaterThan(bound * 0.99);
    const deviation = nn.init
      .kaimingNormal_(zeros([300, 200]), { nonlinearity: 'relu' })
      .variance()
      .sqrt()
      .item();
    expect(deviation).toBeCloseTo(Math.sqrt(2 / 200), 2);
    expect(nn.init.calculateGain('tanh')).toBeCloseTo(5 / 3, 12);
    expect(() => nn.init.kaimingNormal_(w, { nonlinearity: 'rleu' as never })).toThrow(/did you mean 'relu'/);
  });

  test('bad sizes', () => {
    expect(() => new nn.Linear(0, 3)).toThrow(/^Linear: /);
    expect(() => new nn.Linear(2.5, 3)).toThrow('Linear: inFeatures must be an integer, got 2.5');
    expect(() => new nn.Linear(2, 3, { baias: false } as never)).toThrow(
      "Linear: unknown option 'baias'; did you mean 'bias'?",
    );
    expect(() => new nn.MultiheadAttention(7, 2)).toThrow(/^MultiheadAttention: /);
    expect(() => new nn.Linear(2, 3).forward(zeros([4]))).toThrow(/^linear: /i);
  });
});

describe('optimizers', () => {
  const param = (v: number[]): Tensor => tensor(v, { requiresGrad: true });

  test('groups with options of their own', () => {
    const [a, b] = [param([1]), param([1])];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b], lr: 0.1 }], { lr: 1 });
    a.sum().add(b.sum()).backward();
    optimizer.step();
    expect([a.item(), b.item()]).toEqual([0, Math.fround(0.9)]);
    expect(optimizer.groupCount).toBe(2);
    expect(optimizer.paramGroups.map((g) => g.lr)).toEqual([1, 0.1]);
    optimizer.lr = 0.5;
    expect(optimizer.paramGroups.map((g) => g.lr)).toEqual([0.5, 0.5]);
    optimizer.setOption('momentum', 0.9, 1);
    expect([optimizer.getOption('momentum', 0), optimizer.getOption('momentum', 1)]).toEqual([0, 0.9]);
    optimizer.zeroGrad();
    expect([a.grad, b.grad]).toEqual([null, null]);
    expect(() => optimizer.setOption('weightDecay', [1, 2])).toThrow(
      "SGD: option 'weightDecay' takes 1 number, not 2",
    );
  });

  test('state goes on where it stopped', () => {
    const steps = (optimizer: optim.Optimizer, p: Tensor, n: number): void => {
      for (let i = 0; i < n; i++)
        tidy(() => {
          optimizer.zeroGrad();
          p.square().sum().backward();
          optimizer.step();
        });
    };
    const whole = param([1, 2]);
    steps(new optim.AdamW([whole], { lr: 0.1 }), whole, 6);
    const [first, second] = [param([1, 2]), param([0, 0])];
    const before = new optim.AdamW([first], { lr: 0.1 });
    steps(before, first, 3);
    noGrad(() => second.copy_(first));
    const after = new optim.AdamW([second], { lr: 0.5 });
    after.loadStateDict(before.stateDict());
    expect(after.lr).toBe(0.1);
    steps(after, second, 3);
    expect(second.toArray()).toEqual(whole.toArray());
  });

  test('state through a file', () => {
    const p = param([1, 2]);
    const optimizer = new optim.Adam([p], { lr: 0.1 });
    p.square().sum().backward();
    optimizer.step();
    const bytes = io.saveSafetensors(optimizer.stateDict());
    const other = new optim.Adam([param([1, 2])]);
    other.loadStateDict(io.loadSafetensors(bytes));
    expect(other.lr).toBeCloseTo(0.1, 12);
  });

  test('what it refuses', () => {
    const p = param([1]);
    expect(() => new optim.SGD([], { lr: 1 })).toThrow(FluxionError);
    expect(() => new optim.SGD([p], { lr: -1 })).toThrow(/^SGD: .*-1/);
    expect(() => new optim.SGD([p], { learningRate: 1 } as never)).toThrow(
      /^SGD: unknown option 'learningRate'/,
    );
    expect(() => new optim.SGD([5 as never])).toThrow('SGD: params[0] must be a Tensor, got 5');
    expect(() => new optim.SGD([p.mul(2)])).toThrow(FluxionError);
    expect(() => new optim.SGD(5 as never)).toThrow(
      'SGD: params must be a list of tensors or of groups, got 5',
    );
    const optimizer = new optim.SGD([p]);
    expect(() => optimizer.getOption('beta')).toThrow(/^SGD: unknown option 'beta'/);
    expect(() => optimizer.loadStateDict({ nonsense: p })).toThrow(FluxionError);
    optimizer.dispose();
    expect(() => optimizer.step()).toThrow('SGD: the optimizer was disposed of');
  });
});
