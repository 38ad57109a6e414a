/** Every error that Fluxion throws. The text names the operation, the shapes and the rule that was broken. */
export class FluxionError extends Error {
  override name = 'FluxionError';
}

/** Shapes do not fit the operation or each other. */
export class ShapeError extends FluxionError {
  override name = 'ShapeError';
}

/** The operation is not defined for these element types. */
export class DTypeError extends FluxionError {
  override name = 'DTypeError';
}

/** A dimension or an index is out of range. */
export class IndexError extends FluxionError {
  override name = 'IndexError';
}

/** A file or a text is not what it should be. */
export class ParseError extends FluxionError {
  override name = 'ParseError';
}

/** There is no memory for the result. Everything that was there before is unharmed. */
export class OutOfMemoryError extends FluxionError {
  override name = 'OutOfMemoryError';
}

// In the order of ErrorKind in cpp/fluxion/core/error.h.
const kinds = [FluxionError, ShapeError, DTypeError, IndexError, ParseError, OutOfMemoryError] as const;

export function errorOf(kind: number, message: string): FluxionError {
  return new (kinds[kind] ?? FluxionError)(message);
}

/** The names in `among` nearest to `name`, for "did you mean". */
export function suggestion(name: string, among: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const other of among) {
    const distance = editDistance(name.toLowerCase(), other.toLowerCase());
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best && `; did you mean '${best}'?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
