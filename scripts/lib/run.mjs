// Child processes. Every child is remembered, so that Ctrl-C or a failure leaves none behind.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupError } from './ui.mjs';

const windows = process.platform === 'win32';
const children = new Set();

/** Ends a child and everything it started. Children lead their own process group, except on Windows. */
export function stop(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  try {
    if (windows) spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}

const cleanups = new Set();
/** Registers something to undo (a lock, a temporary folder) if the process is interrupted. Returns the way to forget it. */
export function onInterrupt(undo) {
  cleanups.add(undo);
  return () => cleanups.delete(undo);
}

function leave(code) {
  for (const child of children) stop(child);
  for (const undo of cleanups) {
    try {
      undo();
    } catch {
      // The process is leaving; the next run repairs what is left.
    }
  }
  process.exit(code);
}
process.on('SIGINT', () => leave(130));
process.on('SIGTERM', () => leave(143));
process.on('SIGHUP', () => leave(129));

/** Starts a child without waiting. `node_modules/.bin` comes first on its PATH, as in npm scripts. */
export function start(command, args, { cwd, env, stdio = 'inherit', nice = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio,
    detached: !windows,
    shell: windows && !path.isAbsolute(command),
  });
  children.add(child);
  if (nice && child.pid) os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  child.on('exit', () => children.delete(child));
  child.on('error', () => children.delete(child));
  return child;
}

/**
 * Runs a child to its end and gives back { code, stdout, stderr, output }. With `show` the output is passed through as
 * it comes. A command that does not exist gives code 127, one that outlives `timeout` (milliseconds) gives code 124.
 */
export function run(command, args = [], { cwd, env, show = false, nice = false, timeout = 0, onLine } = {}) {
  return new Promise((resolve) => {
    const child = start(command, args, { cwd, env, nice, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let output = '';
    let late = false;
    let rest = '';
    const take = (text, isError) => {
      output += text;
      if (isError) stderr += text;
      else stdout += text;
      if (show) (isError ? process.stderr : process.stdout).write(text);
      if (onLine) {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        lines.forEach(onLine);
      }
    };
    // Decoded as streams: a character may come in two chunks.
    child.stdout.setEncoding('utf8').on('data', (text) => take(text, false));
    child.stderr.setEncoding('utf8').on('data', (text) => take(text, true));
    const expire = () => {
      late = true;
      stop(child, 'SIGKILL');
    };
    const timer = timeout ? setTimeout(expire, timeout) : undefined;
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout, stderr: String(error.message), output: String(error.message) });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (onLine && rest) onLine(rest);
      resolve({ code: late ? 124 : (code ?? (signal ? 128 : 1)), stdout, stderr, output });
    });
  });
}

/** Like `run`, but any failure becomes a SetupError made of `sentence` and, before it, the end of the output. */
export async function must(sentence, command, args, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    if (!options?.show) process.stderr.write(`${result.output.trim().split('\n').slice(-30).join('\n')}\n`);
    throw new SetupError(sentence);
  }
  return result.stdout;
}

/** The full path of a program on PATH, or undefined. */
export function which(name, PATH = process.env.PATH ?? '') {
  const endings = windows ? (process.env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const folder of PATH.split(path.delimiter)) {
    if (!folder) continue;
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not here; look in the next folder.
      }
    }
  }
  return undefined;
}
