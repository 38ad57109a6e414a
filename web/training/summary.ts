import { refuse } from '../args.ts';
import { noGrad } from '../autograd.ts';
import { zeros } from '../generated/creation.ts';
import { isTensor, tidy } from '../handles.ts';
import { type HookHandle, type Layer, Module } from '../nn/module.ts';
import type { Tensor } from '../tensor.ts';

export interface LayerSummary {
  /** The dotted name; empty for the model itself. */
  name: string;
  type: string;
  /** Levels below the model. */
  depth: number;
  /** Undefined where the layer was not called with one input for one output. */
  outputShape: readonly number[] | undefined;
  /** Weights of the layer and of all below it. */
  parameters: number;
}

export interface Summary {
  layers: LayerSummary[];
  /** Weights, shared ones counted once. */
  parameters: number;
  /** Those that are trained. */
  trainable: number;
  /** Memory of weights and buffers, and of the outputs of the layers that have none below, in bytes. */
  bytes: { parameters: number; buffers: number; outputs: number };
  /** The table. */
  toString(): string;
}

const widths = { float64: 8, float32: 4, int32: 4, uint8: 1, bool: 1 };
const bytesOf = (t: Tensor): number => t.numel() * widths[t.dtype];
const sum = (list: readonly Tensor[], of: (t: Tensor) => number): number =>
  list.reduce((n, t) => n + of(t), 0);

/**
 * Layers, the shapes they give for an input, and how many weights they have: prints as a table. The input is a tensor or its
 * shape; the model runs once, in evaluation mode, and is left as it was.
 *
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
 * const { layers, parameters } = summary(model, [4, 2]);
 * [parameters, layers[1].outputShape, layers[3].parameters] // [33, [4, 8], 9]
 * ```
 */
export function summary(model: Layer, input: Tensor | readonly number[]): Summary {
  if (!(model instanceof Module)) refuse('summary', 'model', 'a Module', model);
  if (!isTensor(input) && !Array.isArray(input)) refuse('summary', 'input', 'a tensor or a shape', input);
  const named = model.namedModules();
  const outputs = new Map<Module, { shape: readonly number[]; bytes: number }>();
  const modes = named.map(([, m]) => m.training);
  const hooks: HookHandle[] = [];
  try {
    for (const [, m] of named)
      hooks.push(
        m.registerForwardHook((_, __, output) => {
          outputs.set(m, { shape: output.shape, bytes: bytesOf(output) });
        }),
      );
    model.eval();
    tidy(() => noGrad(() => void model.forward(isTensor(input) ? input : zeros([...input]))));
  } finally {
    for (const hook of hooks) hook.remove();
    named.forEach(([, m], i) => {
      m.train(modes[i]);
    });
  }
  const layers = named.map(([name, m]) => ({
    name,
    type: m.typeName,
    depth: name === '' ? 0 : name.split('.').length,
    outputShape: outputs.get(m)?.shape,
    parameters: m.parameterCount(),
  }));
  const parameters = model.parameters();
  const result = {
    layers,
    parameters: model.parameterCount(),
    trainable: sum(
      parameters.filter((p) => p.requiresGrad),
      (p) => p.numel(),
    ),
    bytes: {
      parameters: sum(parameters, bytesOf),
      buffers: sum(model.buffers(), bytesOf),
      outputs: named.reduce((n, [, m]) => n + (m.children().length ? 0 : (outputs.get(m)?.bytes ?? 0)), 0),
    },
  };
  return Object.defineProperty(result, 'toString', { value: () => table(result) });
}

const count = (n: number): string => n.toLocaleString('en-US');
const size = (n: number): string => (n < 1e6 ? `${(n / 1e3).toFixed(1)} KB` : `${(n / 1e6).toFixed(1)} MB`);

function table({ layers, parameters, trainable, bytes }: Omit<Summary, 'toString'>): string {
  const rows = layers.map(({ name, type, depth, outputShape, parameters }) => [
    `${'  '.repeat(depth)}${type}${name && ` (${name.split('.').at(-1)})`}`,
    outputShape ? `[${outputShape.join(', ')}]` : '–',
    count(parameters),
  ]);
  const all = [['Layer', 'Output shape', 'Parameters'], ...rows];
  const widest = [0, 1, 2].map((c) => Math.max(...all.map((row) => row[c]!.length)));
  const line = '─'.repeat(widest.reduce((a, b) => a + b) + 4);
  const text = all.map(
    ([a, b, c]) => `${a!.padEnd(widest[0]!)}  ${b!.padEnd(widest[1]!)}  ${c!.padStart(widest[2]!)}`,
  );
  return [
    text[0],
    line,
    ...text.slice(1),
    line,
    `Parameters: ${count(parameters)}, trained ${count(trainable)}, frozen ${count(parameters - trainable)}`,
    `Memory: weights ${size(bytes.parameters)}, buffers ${size(bytes.buffers)}, outputs ${size(bytes.outputs)}`,
  ].join('\n');
}
