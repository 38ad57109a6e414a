import { F, manualSeed, nn, optim, tensor, tidy } from 'fluxion';

export interface ParityEvent {
  step: number;
  loss: number;
  /** How many of the sixteen cases are on their side of one half. */
  right: number;
}

/** The sixteen cases of four bits. */
export const cases = Array.from({ length: 16 }, (_, n) =>
  [8, 4, 2, 1].map((bit): number => (n & bit ? 1 : 0)),
);
const odd = cases.map((bits) => bits.reduce((a, b) => a + b, 0) % 2);

/** XOR of four bits: is the number of ones odd? Every single bit turns the answer. */
export class Parity {
  readonly x = tensor(cases);
  readonly y = tensor(odd.map((a) => [a]));
  readonly model: nn.Sequential;
  readonly optimizer: optim.Adam;

  constructor({ seed }: { seed: number }) {
    manualSeed(seed);
    this.model = new nn.Sequential(
      new nn.Linear(4, 16),
      new nn.Tanh(),
      new nn.Linear(16, 1),
      new nn.Sigmoid(),
    );
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: 0.03 });
  }

  *train(): Generator<ParityEvent> {
    for (let step = 1; ; step++) {
      const [loss, outputs] = tidy(() => {
        const guess = this.model.forward(this.x);
        const error = F.binaryCrossEntropy(guess, this.y);
        this.optimizer.zeroGrad();
        error.backward();
        this.optimizer.step();
        return [error.item() as number, [...guess.toTypedArray()] as number[]] as const;
      });
      yield { step, loss, right: outputs.filter((p, i) => Math.round(p) === odd[i]).length };
    }
  }

  dispose() {
    for (const owned of [this.optimizer, this.model, this.x, this.y]) owned.dispose();
  }
}
