// Steps remember what they were made from, by content and not by time, so that a second run skips them at once.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeWhole } from './cache.mjs';

function* filesBelow(place) {
  let info;
  try {
    info = statSync(place);
  } catch {
    return;
  }
  if (info.isFile()) yield place;
  else if (info.isDirectory()) {
    for (const name of readdirSync(place).sort())
      if (name !== 'node_modules') yield* filesBelow(path.join(place, name));
  }
}

/** One hash of the names and contents of files and folders below `root`, and of any further `facts`. */
export function hashOf(root, places, facts = []) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const place of places) {
    for (const file of filesBelow(path.resolve(root, place))) {
      hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** True if the stamp holds this hash, and everything the step made is still there. */
export function fresh(stamp, hash, products = []) {
  return (
    readJson(stamp)?.hash === hash && products.every((file) => statSync(file, { throwIfNoEntry: false }))
  );
}

export const mark = (stamp, hash) => writeWhole(stamp, `${JSON.stringify({ hash })}\n`);
