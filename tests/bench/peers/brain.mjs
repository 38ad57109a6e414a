// brain.js: plain JavaScript, one network of tanh units, one example at a time. It cannot do the row's own network, so its
// results are not compared; it stands there because it is the fastest of the others at tiny networks.
import { dataOf } from '../workloads.mjs';

export async function load() {
  await import(new URL('../node_modules/brain.js/dist/browser.js', import.meta.url).href);
  const { NeuralNetwork } = globalThis.brain;
  const makers = {
    xor(row) {
      const { x, y } = dataOf(row);
      const examples = Array.from({ length: 4 }, (_, i) => ({
        input: [...x.values.subarray(2 * i, 2 * i + 2)],
        output: [y.values[i]],
      }));
      const net = new NeuralNetwork({ hiddenLayers: [8], activation: 'tanh', learningRate: 0.1 });
      const options = { errorThresh: 1e-12, log: false, learningRate: 0.1 };
      return { run: (n) => void net.train(examples, { ...options, iterations: n }) };
    },
  };
  return { threads: 1, task: (row) => makers[row.kind]?.(row) };
}
