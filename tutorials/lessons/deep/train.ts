import { F, manualSeed, nn, noGrad, optim, type Tensor, tensor, tidy } from 'fluxion';

export type Task = 'regression' | 'classification';

export interface DeepOptions {
  seed: number;
  task: Task;
}

export interface DeepEvent {
  step: number;
  loss: number;
  /** Lengths of the gradients of the first and the last tanh layer's weights. */
  firstGradient: number;
  lastGradient: number;
}

const LAYERS = 10;
const WIDTH = 24;
const POINTS = 96;

/** One period of a sine, to be drawn. */
function wave(): [Tensor, Tensor] {
  const xs = Array.from({ length: POINTS }, (_, i) => -1 + (2 * i) / (POINTS - 1));
  return [tensor(xs.map((x) => [x])), tensor(xs.map((x) => [Math.sin(Math.PI * x)]))];
}

/** Two spirals wound about each other, to be told apart. */
function spirals(): [Tensor, Tensor] {
  const points = Array.from({ length: POINTS }, (_, i) => {
    const turn = i % 2;
    const t = 0.5 + (2.5 * i) / POINTS;
    const angle = 2 * t + turn * Math.PI;
    return { at: [(t / 3) * Math.cos(angle), (t / 3) * Math.sin(angle)], turn };
  });
  return [tensor(points.map((p) => p.at)), tensor(Int32Array.from(points, (p) => p.turn))];
}

/** Ten tanh layers one on the other. Left to the usual start, the gradient would fade on its way back through them;
    Xavier's start with tanh's gain of 5/3 keeps its size (Glorot and Bengio 2010). */
export class Deep {
  readonly task: Task;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly hidden: nn.Linear[];
  readonly model: nn.Sequential;
  readonly optimizer: optim.Adam;

  constructor({ seed, task }: DeepOptions) {
    this.task = task;
    [this.x, this.y] = task === 'regression' ? wave() : spirals();
    manualSeed(seed);
    const inputs = this.x.shape[1]!;
    this.hidden = Array.from({ length: LAYERS }, (_, i) => new nn.Linear(i === 0 ? inputs : WIDTH, WIDTH));
    for (const layer of this.hidden) {
      nn.init.xavierUniform_(layer.weight, 5 / 3);
      nn.init.zeros_(layer.bias!);
    }
    const last = new nn.Linear(WIDTH, task === 'regression' ? 1 : 2);
    this.model = new nn.Sequential(...this.hidden.flatMap((layer) => [layer, new nn.Tanh()]), last);
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: 0.002 });
  }

  *train(): Generator<DeepEvent> {
    const norm = (layer: nn.Linear) => layer.weight.grad!.square().sum().sqrt().item() as number;
    for (let step = 1; ; step++) {
      yield tidy(() => {
        const guess = this.model.forward(this.x);
        const loss = this.task === 'regression' ? F.mseLoss(guess, this.y) : F.crossEntropy(guess, this.y);
        this.optimizer.zeroGrad();
        loss.backward();
        const firstGradient = norm(this.hidden[0]!);
        const lastGradient = norm(this.hidden.at(-1)!);
        this.optimizer.step();
        return { step, loss: loss.item() as number, firstGradient, lastGradient };
      });
    }
  }

  /** The share of points on their own spiral's side; of no meaning for the wave. */
  accuracy(): number {
    if (this.task === 'regression') return Number.NaN;
    return tidy(() =>
      noGrad(() => this.model.forward(this.x).argmax(1).eq(this.y).to('float32').mean().item() as number),
    );
  }

  dispose() {
    for (const owned of [this.optimizer, this.model, this.x, this.y]) owned.dispose();
  }
}
