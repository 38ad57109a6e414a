import { nn } from 'fluxion';

/** A GPT in miniature: pre-LN blocks of width 48. With 83 characters, a context of 48, two layers and four heads it
    has 66,912 weights. */
export const decoder = (vocabSize: number, blockSize: number, layers = 2, heads = 4) =>
  new nn.GPT({ vocabSize, blockSize, nLayer: layers, nHead: heads, nEmbd: 48 });
