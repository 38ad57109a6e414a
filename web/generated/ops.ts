// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

export * from './unary.ts';
export * from './binary.ts';
export * from './reduce.ts';
export * from './view.ts';
export * from './order.ts';
export * from './index.ts';
export * from './linalg.ts';
export * from './conv.ts';
export * from './norm.ts';
export * from './loss.ts';
export * from './creation.ts';
