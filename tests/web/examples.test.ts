// The examples of the documentation do what they say: those of the rows, and those of the hand-written functions.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import * as fluxion from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Example, rows } from './lib/rows.ts';

beforeAll(() => fluxion.init({ simd: 'simd', threads: 1 }));

const web = path.resolve(import.meta.dirname, '../../web');
// The package's entries; their names are free in examples.
const entries = ['models', 'datasets', 'training']
  .filter((name) => existsSync(path.join(web, name)))
  .map((name) => import(path.resolve(web, `../dist/${name}.js`)));
const scope: Record<string, unknown> = Object.assign({ ...fluxion }, ...(await Promise.all(entries)));
const names = Object.keys(scope);
const values = Object.values(scope);
const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Runs statements and gives the value of the last one, an expression. */
function run(code: string): unknown {
  const at = Math.max(code.lastIndexOf('; '), code.lastIndexOf('\n')) + 1;
  const body = `${code.slice(0, at)} return (${code.slice(at).trim().replace(/;$/, '')});`;
  const Kind = /\bawait\b/.test(code) ? AsyncFunction : Function;
  return new Kind(...names, `'use strict'; ${body}`)(...values);
}

/** A value as JSON has it, its numbers near the expected ones replaced by those. */
function nearly(value: unknown, expected: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(expected)) return value.map((v, i) => nearly(v, expected[i]));
  if (typeof value !== 'number' || typeof expected !== 'number') return value;
  return Math.abs(value - expected) <= 1e-4 * Math.max(1, Math.abs(expected)) ? expected : value;
}

async function holds({ code, result }: Example): Promise<void> {
  const expected = JSON.parse(result) as unknown;
  expect(nearly(await run(code), expected)).toEqual(expected);
}

for (const [kind, list] of Object.entries(rows))
  describe(kind, () => {
    for (const { name, example } of list)
      test(name, async () => {
        expect(example.code).not.toBe('');
        await holds(example);
      });
  });

/** Each example of a source file: its code, and what the comment after its last line says. */
function* examplesOf(file: string): Generator<[string, Example]> {
  const text = readFileSync(file, 'utf8');
  for (const [block] of text.matchAll(/ \* @example\n *\* ```ts\n[\s\S]*?```/g)) {
    const lines = block.split('\n').slice(2, -1);
    const code = lines.map((line) => line.replace(/^ *\* ?/, '')).join('\n');
    const [, body, result] = /^([\s\S]*?)\s*\/\/ (.*)$/.exec(code) ?? [];
    if (body === undefined || result === undefined)
      throw new Error(`${file}: an example without a result: ${code}`);
    const line = text.slice(0, text.indexOf(block)).split('\n').length + 2;
    yield [`line ${line}`, { code: stripTypeScriptTypes(body), result }];
  }
}

const written = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
  .sort();

for (const file of written) {
  const examples = [...examplesOf(path.join(web, file))];
  if (examples.length === 0) continue;
  describe(file, () => {
    for (const [line, example] of examples) test(line, () => holds(example));
  });
}
