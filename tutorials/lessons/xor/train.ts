import { binaryCrossEntropy, manualSeed, nn, noGrad, optim, type Tensor, tensor, tidy } from 'fluxion';

export interface XorOptions {
  seed: number;
  /** Units in the hidden layer; 0 leaves it out, and what remains is a single line. */
  hidden: number;
  activation: 'tanh' | 'relu' | 'sigmoid';
  rate: number;
}

export interface XorEvent {
  step: number;
  loss: number;
  /** How many of the four points are on their side of one half. */
  right: number;
  outputs: number[];
  done?: boolean;
}

export const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
export const answers = [0, 1, 1, 0];

const activations = { tanh: () => new nn.Tanh(), relu: () => new nn.ReLU(), sigmoid: () => new nn.Sigmoid() };

/** Four points, a small network, and the loop that moves the one towards the other. */
export class Xor {
  readonly x = tensor(corners);
  readonly y = tensor(answers.map((a) => [a]));
  readonly first: nn.Linear;
  readonly last: nn.Linear | undefined;
  readonly model: nn.Sequential;
  readonly optimizer: optim.Adam;

  constructor({ seed, hidden, activation, rate }: XorOptions) {
    manualSeed(seed);
    this.first = new nn.Linear(2, hidden || 1);
    this.last = hidden ? new nn.Linear(hidden, 1) : undefined;
    const layers = this.last ? [this.first, activations[activation](), this.last] : [this.first];
    this.model = new nn.Sequential(...layers, new nn.Sigmoid());
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: rate });
  }

  /** Trains for ever, all four points at every step. */
  *train(): Generator<XorEvent> {
    let rested = false;
    for (let step = 1; ; step++) {
      const [loss, outputs] = this.update();
      const right = outputs.filter((p, i) => Math.round(p) === answers[i]).length;
      const done: boolean = !rested && right === 4 && loss < 0.02;
      rested ||= done;
      yield { step, loss, right, outputs, done };
    }
  }

  update(): [loss: number, outputs: number[]] {
    return tidy(() => {
      const outputs = this.model.forward(this.x);
      const loss = binaryCrossEntropy(outputs, this.y);
      this.optimizer.zeroGrad();
      loss.backward();
      this.optimizer.step();
      return [loss.item() as number, [...outputs.toTypedArray()] as number[]];
    });
  }

  /** The network's answers for a list of points. */
  answer(points: Tensor): Float32Array {
    return tidy(() => noGrad(() => this.model.forward(points).toTypedArray())) as Float32Array;
  }

  dispose() {
    for (const owned of [this.optimizer, this.model, this.x, this.y]) owned.dispose();
  }
}
