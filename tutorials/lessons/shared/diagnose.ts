import { graph, keepGraphValues, type Tensor, tidy } from 'fluxion';

/** Computes something again, keeps every result on the way to it, and names the first that is not finite. */
export function firstNotFinite(compute: () => Tensor): string {
  keepGraphValues(true);
  try {
    return tidy(() => {
      const finite = (value: Tensor) => value.isfinite().all().item() as boolean;
      const first = graph(compute()).nodes.find(({ value }) => value && !finite(value));
      if (!first) return '';
      const shape = `[${first.shape.join(', ')}]`;
      return first.isLeaf
        ? `A weight of shape ${shape} is not finite any more.`
        : `The first result that is not finite comes from ${first.op}, of shape ${shape}.`;
    });
  } finally {
    keepGraphValues(false);
  }
}
