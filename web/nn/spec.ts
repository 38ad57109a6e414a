// Arguments of the generated modules on their way to wasm. The generator describes them in a text, so that no class
// spells its reading out: "inFeatures:i *bias:b=true" are a whole number, and an option that is true or false.
import {
  choice,
  dtypeIndex,
  flag,
  given,
  handleList,
  integer,
  integers,
  isOptions,
  number,
  optionalHandle,
  optionalInteger,
  optionalIntegers,
  optionalNumber,
  options,
} from '../args.ts';
import { tensorHandle } from '../handles.ts';
import { putList } from '../native.ts';

interface Spec {
  name: string;
  kind: string;
  words: string[];
  /** Undefined where the argument must be given. */
  fallback: unknown;
  option: boolean;
}

const parsed = new Map<string, Spec[]>();
function specsOf(text: string): Spec[] {
  let specs = parsed.get(text);
  if (!specs) {
    specs = (text ? text.split(' ') : []).map((part) => {
      const [, star, name, kind, words = '', fallback] = /^(\*?)(\w+):(\w)(?:\((.*)\))?(?:=(.*))?$/.exec(
        part,
      )!;
      return {
        name: name!,
        kind: kind!,
        words: words.split(','),
        fallback: fallback === undefined ? undefined : JSON.parse(fallback),
        option: star === '*',
      };
    });
    parsed.set(text, specs);
  }
  return specs;
}

type Read = (value: unknown, op: string, name: string, words: string[]) => number | number[];
const readers: Record<string, Read> = {
  t: tensorHandle,
  T: optionalHandle,
  H: handleList,
  i: integer,
  I: (v, op, name) => [given(v), optionalInteger(v, op, name)],
  n: number,
  N: (v, op, name) => [given(v), optionalNumber(v, op, name)],
  b: flag,
  l: integers,
  L: optionalIntegers,
  d: dtypeIndex,
  c: choice,
  // Sizes, or one of some words.
  s: (v, op, name, words) =>
    typeof v === 'string' ? [putList([0]), 1 + choice(v, op, name, words)] : [integers(v, op, name), 0],
};

/** The numbers that the arguments of a call cross as. */
export function numbersOf(op: string, text: string, args: readonly unknown[]): number[] {
  const specs = specsOf(text);
  const places = specs.filter((s) => !s.option);
  const loose = specs.filter((s) => s.option || s.fallback !== undefined);
  let o = args[places.length];
  const values = new Map<Spec, unknown>();
  places.forEach((s, i) => {
    if (s.fallback === undefined) values.set(s, args[i]);
    else if (isOptions(args[i])) o = args[i];
    else values.set(s, args[i] ?? undefined);
  });
  const known = loose.map((s) => s.name).join(' ');
  const named = (known ? options(op, o as object, known) : {}) as Record<string, unknown>;
  return specs.flatMap((s) => {
    // A null that was named is meant; one in its place only leaves the place empty.
    const value = named[s.name] === undefined ? values.get(s) : named[s.name];
    return readers[s.kind]!(value === undefined ? s.fallback : value, op, s.name, s.words);
  });
}
