// The builders of whole models, GPT-2's weights from HuggingFace's names, and generation with a cache.
import { readFileSync } from 'node:fs';
import {
  init,
  io,
  manualSeed,
  memory,
  nn,
  optim,
  ones,
  rand,
  randint,
  type Tensor,
  tensor,
  text,
  zeros,
} from 'fluxion';
import {
  charGRU,
  charLSTM,
  charRNN,
  gpt2,
  gpt2FromState,
  gpt2State,
  lenet5,
  resnet18,
  resnet20,
  vae,
} from 'fluxion/models';
import { beforeAll, describe, expect, test } from 'vitest';

let fixtures: Record<string, Tensor>;
beforeAll(async () => {
  await init({ simd: 'simd', threads: 1 });
  fixtures = io.loadSafetensors(
    new Uint8Array(readFileSync(new URL('../fixtures/modules.safetensors', import.meta.url))),
  );
});

const furthest = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item() as number;

describe('models of images', () => {
  test('have the literature’s numbers of weights and torchvision’s keys', () => {
    const net = resnet18({ numClasses: 10 });
    expect(net.parameterCount()).toBe(11_173_962);
    const keys = Object.keys(net.stateDict());
    expect(keys.length).toBe(122);
    expect(keys.slice(0, 7)).toEqual([
      'conv1.weight',
      'bn1.weight',
      'bn1.bias',
      'bn1.running_mean',
      'bn1.running_var',
      'bn1.num_batches_tracked',
      'layer1.0.conv1.weight',
    ]);
    expect(keys).toContain('layer4.0.downsample.1.num_batches_tracked');
    expect(keys.slice(-2)).toEqual(['fc.weight', 'fc.bias']);
    net.dispose();
    expect(resnet20({ numClasses: 100 }).parameterCount()).toBe(269_722 + 90 * 65);
    expect(lenet5({ inChannels: 3 }).forward(zeros([2, 3, 32, 32])).shape).toEqual([2, 10]);
    expect(() => resnet20({ shortcut: 'none' as never })).toThrow(/shortcut must be one of 'conv', 'pad'/);
    expect(() => lenet5({ classes: 3 } as never)).toThrow(/unknown option 'classes'/);
  });

  test('a residual network learns wholly in wasm', async () => {
    manualSeed(1);
    const net = new nn.ResNet([1, 1], { baseWidth: 4, numClasses: 2, inChannels: 1 });
    const x = rand([16, 1, 8, 8]);
    const y = tensor(
      Array.from({ length: 16 }, (_, i) => i % 2),
      { dtype: 'int32' },
    );
    const bright = x.add(y.reshape(16, 1, 1, 1));
    const { history } = await net.fit(bright, y, {
      epochs: 12,
      batchSize: 8,
      optimizer: new optim.Adam(net.parameters(), { lr: 0.01 }),
      loss: new nn.CrossEntropyLoss(),
    });
    expect(history.at(-1)!.loss).toBeLessThan(0.5 * history[0]!.loss);
  });
});

describe('a VAE', () => {
  test('learns to give back what it saw', async () => {
    manualSeed(2);
    const model = vae({ inputSize: 8, hiddenSize: 32, latentSize: 2, seed: 3 });
    // Eight patterns of one bit each.
    const x = tensor(
      Array.from({ length: 64 }, (_, i) => Array.from({ length: 8 }, (_, k) => +(i % 8 === k))),
    );
    const { history } = await model.fit(x, x, {
      epochs: 150,
      batchSize: 16,
      optimizer: new optim.Adam(model.parameters(), { lr: 0.01 }),
      loss: new nn.VAELoss(),
    });
    expect(history.at(-1)!.loss).toBeLessThan(0.8 * history[0]!.loss);
    model.eval();
    const [mean, logVariance] = model.encode(x) as [Tensor, Tensor];
    expect([mean.shape, logVariance.shape]).toEqual([
      [64, 2],
      [64, 2],
    ]);
    const seen = model.decode(mean).argmax(1).toArray() as number[];
    const right = seen.filter((k, i) => k === i % 8).length;
    expect(right).toBeGreaterThanOrEqual(48);
  });
});

describe('GPT-2 from HuggingFace’s names', () => {
  const given = (): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(fixtures)
        .filter(([name]) => name.startsWith('gpt2/state/'))
        .map(([name, t]) => [name.slice('gpt2/state/'.length), t]),
    );

  test('gives torch’s logits', () => {
    const model = gpt2FromState(given(), { nHead: 2 });
    expect(furthest(model.forward(fixtures['gpt2/ids']!), fixtures['gpt2/logits']!)).toBeLessThan(1e-10);
    // The head is the token embedding itself.
    expect(model.parameterCount()).toBe(11 * 8 + 6 * 8 + 2 * (12 * 64 + 13 * 8) + 16);
  });

  test('also without the prefix, and with a head of its own', () => {
    const bare = Object.fromEntries(
      Object.entries(given()).map(([name, t]) => [name.replace('transformer.', ''), t]),
    );
    const model = gpt2FromState({ ...bare, 'lm_head.weight': bare['wte.weight']!.mul(2) }, { nHead: 2 });
    expect(furthest(model.forward(fixtures['gpt2/ids']!), fixtures['gpt2/logits']!.mul(2))).toBeLessThan(
      1e-10,
    );
  });

  test('leaves nothing behind and refuses what is no GPT-2', () => {
    const before = memory().tensors;
    gpt2FromState(given(), { nHead: 2 }).dispose();
    expect(memory().tensors).toBe(before);
    expect(() => gpt2State({ 'encoder.weight': ones([1]) })).toThrow(
      "gpt2State: 'encoder.weight' is no key of a GPT-2",
    );
    expect(() => gpt2FromState({ 'wte.weight': ones([2, 2]) })).toThrow(
      'gpt2FromState: needs wte.weight and wpe.weight, matrices both',
    );
    const { 'transformer.ln_f.bias': _, ...lacking } = given();
    expect(() => gpt2FromState(lacking, { nHead: 2 })).toThrow(/missing keys: ln_f.bias/);
    expect(() => gpt2('gpt3' as never)).toThrow(/did you mean 'gpt2'|must be one of/);
  });
});

describe('generation with a cache', () => {
  const vocabSize = 11;
  const small = { vocabSize, nLayer: 2, nEmbd: 8, blockSize: 16, dtype: 'float64' } as const;
  const made: [string, () => nn.NativeModule][] = [
    ['GPT', () => new nn.GPT({ ...small, nHead: 2 })],
    ['Llama', () => new nn.Llama({ ...small, nHead: 4, nKvHead: 2, hidden: 12 })],
    ['charRNN', () => charRNN(vocabSize, { hiddenSize: 6, dtype: 'float64' })],
    ['charLSTM', () => charLSTM(vocabSize, { hiddenSize: 6, numLayers: 2, dtype: 'float64' })],
    ['charGRU', () => charGRU(vocabSize, { hiddenSize: 6, dtype: 'float64' })],
  ];
  for (const [name, make] of made)
    test(`${name}: the same tokens, one pass over one place each`, () => {
      manualSeed(4);
      const model = make().eval();
      const prompt = randint(0, vocabSize, [2, 4]);
      // A function hides from C++ what the model is: it is given all tokens every time.
      const plain = (ids: Tensor): Tensor => model.forward(ids);
      for (const o of [{ temperature: 0 }, { seed: 5 }, { seed: 5, contextLength: 6 }])
        expect(text.generate(model, prompt, 9, o).toArray()).toEqual(
          text.generate(plain, prompt, 9, o).toArray(),
        );
      const before = memory();
      for (let i = 0; i < 2; i++) text.generate(model, prompt, 9).dispose();
      expect(memory().tensors).toBe(before.tensors);
      expect(memory().bytes).toBe(before.bytes);
      model.dispose();
    });

  test('hooks and dropout see every pass', () => {
    const model = new nn.GPT({ ...small, nHead: 2 }).eval();
    const lengths: number[] = [];
    const hook = model.registerForwardPreHook((_, ids) => {
      lengths.push(ids.shape[1]!);
    });
    text.generate(model, zeros([1, 2], { dtype: 'int32' }), 3);
    hook.remove();
    expect(lengths).toEqual([2, 3, 4]);
  });

  test('a TransformerDecoder goes on target by target', () => {
    const decoder = new nn.TransformerDecoder(8, 2, 2, { dimFeedforward: 16, batchFirst: true }).eval();
    const [tgt, source] = [rand([2, 4, 8]), rand([2, 5, 8])];
    const whole = decoder.decode(tgt, source, { tgtIsCausal: true });
    const cache = decoder.makeCache(source, 4);
    expect(cache.length).toBe(8);
    for (let t = 0; t < 4; t++) {
      const step = decoder.resume(tgt.narrow(1, t, 1), cache, t);
      expect(furthest(step, whole.narrow(1, t, 1))).toBeLessThan(1e-5);
    }
    expect(() => decoder.resume(tgt, cache, 2)).toThrow(/the cache .* has no room for/);
  });
});
