import { F, manualSeed, nn, noGrad, optim, tensor, tidy } from 'fluxion';
import { answers, corners } from './train.ts';

export interface ClassicOptions {
  seed: number;
  /** Where the weights start: as Linear has them, or from N(0, 2 / fan in) with zero biases. */
  start: 'default' | 'normal';
  /** Whether the squared errors of the four points are added up or averaged. */
  reduction: 'sum' | 'mean';
}

export interface ClassicEvent {
  step: number;
  loss: number;
}

export const EPOCHS = 1000;

/** XOR as textbooks print it: 2-3-1, tanh, sigmoid, squared error, plain gradient descent at a rate of 0.1. */
export class ClassicXor {
  readonly x = tensor(corners);
  readonly y = tensor(answers.map((a) => [a]));
  readonly model: nn.Sequential;
  readonly optimizer: optim.SGD;
  readonly reduction: ClassicOptions['reduction'];

  constructor({ seed, start, reduction }: ClassicOptions) {
    this.reduction = reduction;
    manualSeed(seed);
    const layers = [new nn.Linear(2, 3), new nn.Linear(3, 1)] as const;
    if (start === 'normal') {
      for (const { weight, bias } of layers) {
        nn.init.normal_(weight, 0, Math.sqrt(2 / weight.shape[1]!));
        nn.init.zeros_(bias!);
      }
    }
    this.model = new nn.Sequential(layers[0], new nn.Tanh(), layers[1], new nn.Sigmoid());
    this.optimizer = new optim.SGD(this.model.parameters(), { lr: 0.1 });
  }

  *train(): Generator<ClassicEvent> {
    for (let step = 1; step <= EPOCHS; step++) {
      const loss = tidy(() => {
        const error = F.mseLoss(this.model.forward(this.x), this.y, { reduction: this.reduction });
        this.optimizer.zeroGrad();
        error.backward();
        this.optimizer.step();
        return error.item() as number;
      });
      yield { step, loss };
    }
  }

  outputs(): number[] {
    return tidy(() => [...noGrad(() => this.model.forward(this.x).toTypedArray())]) as number[];
  }

  dispose() {
    for (const owned of [this.optimizer, this.model, this.x, this.y]) owned.dispose();
  }
}
