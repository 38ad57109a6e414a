import { type Control, seedControl } from '../../elements/controls.ts';

export const hiddenControl = (initial: number): Control => ({
  kind: 'choice',
  name: 'hidden',
  label: 'Hidden units',
  initial,
  options: [0, 1, 2, 3, 4, 8].map((value) => ({ value, label: value === 0 ? 'none' : String(value) })),
});

export const activationControl = (initial = 'tanh'): Control => ({
  kind: 'choice',
  name: 'activation',
  label: 'Activation',
  initial,
  options: ['tanh', 'relu', 'sigmoid'].map((value) => ({ value, label: value === 'relu' ? 'ReLU' : value })),
});

export const rateControl = (initial = 0.05): Control => ({
  kind: 'choice',
  name: 'rate',
  label: 'Rate',
  initial,
  options: [0.001, 0.01, 0.03, 0.05, 0.1, 0.3, 1].map((value) => ({ value, label: String(value) })),
});

export { seedControl };
