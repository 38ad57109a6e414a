import { data, F, manualSeed, nn, noGrad, optim, type Tensor, tidy } from 'fluxion';
import { augment, type ImageSet, Normalizer } from 'fluxion/datasets';
import { loadCheckpoint, saveCheckpoint } from 'fluxion/training';

export interface PicturesOptions {
  seed: number;
  /** Images uint8 [N, 3, 32, 32] and their classes. */
  train: ImageSet;
  test: ImageSet;
  /** ResNet-18 by default. */
  blocks?: readonly number[];
  width?: number;
  classes?: number;
  batch?: number;
  epochs?: number;
  rate?: number;
}

export interface PicturesEvent {
  epoch: number;
  batch: number;
  batches: number;
  loss: number;
  imagesPerSecond: number;
  /** After an epoch: the share of the test images that are right, and all that is needed to go on from here. */
  end?: { accuracy: number; checkpoint: Uint8Array };
}

const CHECK_BATCH = 200;
const floats = (images: Tensor) => images.to('float32').div(255);

/**
 * A residual network learns CIFAR's pictures: random crops out of 4 pixels of margin, mirrored by half; SGD with Nesterov's
 * momentum, decay 5e-4 and one climb and fall of the rate. ResNet-18 passes 93 % in 30 epochs of CIFAR-10 that way.
 */
export class Pictures {
  readonly model: nn.ResNet;
  readonly optimizer: optim.SGD;
  readonly schedule: optim.lrScheduler.OneCycleLR;
  readonly #o: PicturesOptions;
  readonly #epochs: number;
  readonly #loader: data.DataLoader;
  readonly #colours: Normalizer;
  #epoch = 0;

  constructor(o: PicturesOptions) {
    const { blocks = [2, 2, 2, 2], width = 64, classes = 10, batch = 128, epochs = 30, rate = 0.1 } = o;
    manualSeed(o.seed);
    this.#o = o;
    this.#epochs = epochs;
    this.model = new nn.ResNet(blocks, { baseWidth: width, numClasses: classes });
    this.optimizer = new optim.SGD(this.model.parameters(), {
      lr: rate,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 5e-4,
    });
    this.#loader = new data.DataLoader([o.train.images, o.train.labels], {
      batchSize: batch,
      shuffle: true,
      dropLast: true,
    });
    this.schedule = new optim.lrScheduler.OneCycleLR(this.optimizer, {
      maxLr: rate,
      totalSteps: epochs * this.#loader.length,
      cycleMomentum: false,
    });
    const some = Math.min(1000, o.train.images.shape[0]!);
    this.#colours = tidy(() => Normalizer.fit(floats(o.train.images.narrow(0, 0, some))));
  }

  /** Takes up a training where a checkpoint left it; the same as if it had never stopped. */
  resume(checkpoint: Uint8Array) {
    const { model, optimizer, schedule } = this;
    const { metadata } = loadCheckpoint(checkpoint, { model, optimizer, schedule });
    this.#epoch = Number(metadata['epoch']);
  }

  *train(): Generator<PicturesEvent> {
    const { model, optimizer, schedule } = this;
    const batches = this.#loader.length;
    while (this.#epoch < this.#epochs) {
      const epoch = this.#epoch;
      let batch = 0;
      let latest: PicturesEvent | undefined;
      model.train();
      for (const [images, labels] of this.#loader) {
        const began = performance.now();
        const loss = tidy(() => {
          const seen = this.#colours.apply(augment(floats(images!), { crop: 4, flip: true }));
          const value = F.crossEntropy(model.forward(seen), labels!);
          optimizer.zeroGrad();
          value.backward();
          optimizer.step();
          return value.item() as number;
        });
        schedule.step();
        const imagesPerSecond = (1000 * images!.shape[0]!) / (performance.now() - began);
        images!.dispose();
        labels!.dispose();
        latest = { epoch, batch: ++batch, batches, loss, imagesPerSecond };
        if (batch < batches) yield latest;
      }
      this.#epoch++;
      const checkpoint = saveCheckpoint(
        { model, optimizer, schedule },
        { metadata: { epoch: String(this.#epoch) } },
      );
      if (latest) yield { ...latest, end: { accuracy: this.check(), checkpoint } };
    }
  }

  /** The share of the test images that are right. */
  check(): number {
    const { images, labels } = this.#o.test;
    const count = images.shape[0]!;
    let right = 0;
    this.model.eval();
    for (let at = 0; at < count; at += CHECK_BATCH)
      right += tidy(() => {
        const size = Math.min(CHECK_BATCH, count - at);
        const seen = this.#colours.apply(floats(images.narrow(0, at, size)));
        const guesses = noGrad(() => this.model.forward(seen)).argmax(1);
        return guesses
          .eq(labels.narrow(0, at, size))
          .sum()
          .item() as number;
      });
    return right / count;
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
