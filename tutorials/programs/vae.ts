import { manualSeed, nn, noGrad, optim, randn, type Tensor, tidy } from 'fluxion';
import { vae } from 'fluxion/models';

export interface VaeOptions {
  seed: number;
  /** [N, pixels], from 0 to 1. */
  images: Tensor;
  hidden: number;
  latent: number;
  rate: number;
  batch: number;
  epochs: number;
}

/** A variational autoencoder learns to draw what it is shown. */
export class Painter {
  readonly model: nn.VAE;
  readonly optimizer: optim.Adam;
  readonly #o: VaeOptions;

  constructor(o: VaeOptions) {
    manualSeed(o.seed);
    this.#o = o;
    this.model = vae({ inputSize: o.images.shape[1]!, hiddenSize: o.hidden, latentSize: o.latent });
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: o.rate });
  }

  /** Resolves to the loss of each epoch, in nats per image. */
  async train(told: (epoch: number, loss: number) => void = () => {}): Promise<number[]> {
    const { images, batch, epochs } = this.#o;
    const { history } = await this.model.fit(images, images, {
      optimizer: this.optimizer,
      loss: new nn.VAELoss(),
      epochs,
      batchSize: batch,
      onEpochEnd: (e) => told(e.epoch, e.loss),
    });
    return history.map((e) => e.loss);
  }

  /** New pictures, [count, pixels]. */
  paint(count: number): Tensor {
    return tidy(() => noGrad(() => this.model.decode(randn([count, this.#o.latent]))));
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
