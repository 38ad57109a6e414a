// The user's cache folder, a lock that lets two clones set up at the same time, and files written whole or not at all.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onInterrupt } from './run.mjs';
import { SetupError, say } from './ui.mjs';

export function cacheDir(env = process.env) {
  if (env.FLUXION_CACHE) return path.resolve(env.FLUXION_CACHE);
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'fluxion');
  if (process.platform === 'win32')
    return path.join(env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'fluxion');
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'fluxion');
}

export function makeDir(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The folder ${folder} cannot be made (${error.code}): set FLUXION_CACHE to a folder that you may write to.`,
    );
  }
  return folder;
}

export function writeWhole(file, text) {
  makeDir(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Another process holds the lock only while it lives; a lock left behind by a killed one is taken over. */
function abandoned(lock) {
  const owner = readJson(path.join(lock, 'owner.json'));
  if (owner) return owner.host === os.hostname() && !alive(owner.pid);
  try {
    return Date.now() - statSync(lock).mtimeMs > 10_000;
  } catch {
    return false;
  }
}

export async function withLock(lock, work) {
  makeDir(path.dirname(lock));
  for (let told = false; ; ) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (abandoned(lock)) {
      // Renaming first makes sure that only one of several waiting processes removes it.
      const grave = `${lock}.${process.pid}.stale`;
      try {
        renameSync(lock, grave);
        rmSync(grave, { recursive: true, force: true });
      } catch {
        // Another process was quicker.
      }
      continue;
    }
    if (!told) say(`  waiting for another set-up that is using ${path.dirname(lock)}`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  const forget = onInterrupt(release);
  try {
    writeFileSync(path.join(lock, 'owner.json'), JSON.stringify({ pid: process.pid, host: os.hostname() }));
    return await work();
  } finally {
    forget();
    release();
  }
}
