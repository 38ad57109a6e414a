// nn.functional: the operations under the name that PyTorch gives the collection.
export * from './generated/ops.ts';
