// The rows, as the native program fluxion_rows prints them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildNative } from '../lib/build.mjs';
import { must } from '../lib/run.mjs';

export async function readRows(root, file) {
  if (file) return JSON.parse(readFileSync(file, 'utf8'));
  await buildNative('native', ['fluxion_rows'], ['cpp/tools']);
  return JSON.parse(
    await must(
      'The program that lists the rows failed.',
      path.join(root, 'build', 'native', 'fluxion_rows'),
      [],
    ),
  );
}
