import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { nameByLikeness } from '../../scripts/lib/function-order.mjs';
import { cacheDir } from '../../scripts/lib/cache.mjs';
import { run, start } from '../../scripts/lib/run.mjs';
import { fresh, hashOf, mark } from '../../scripts/lib/stamp.mjs';
import { runTasks, withNeeds } from '../../scripts/lib/tasks.mjs';
import { SetupError } from '../../scripts/lib/ui.mjs';
import { machine, project, temporary } from './machine.mjs';

test('a stamp follows contents and names, not times', (t) => {
  const folder = temporary(t);
  writeFileSync(path.join(folder, 'a'), 'one');
  const stamp = path.join(folder, 'stamps', 'x.json');
  const hash = hashOf(folder, ['a'], [1]);
  mark(stamp, hash);
  utimesSync(path.join(folder, 'a'), 1, 1);
  assert.equal(fresh(stamp, hashOf(folder, ['a'], [1])), true);
  assert.equal(fresh(stamp, hash, [path.join(folder, 'product')]), false);
  assert.equal(fresh(stamp, hashOf(folder, ['a'], [2])), false);
  writeFileSync(path.join(folder, 'a'), 'two');
  assert.equal(fresh(stamp, hashOf(folder, ['a'], [1])), false);
});

test('a character of a child’s output may come in two chunks', async () => {
  const code = `const bytes = Buffer.from('₁');
    process.stdout.write(bytes.subarray(0, 1), () => setTimeout(() => process.stdout.write(bytes.subarray(1)), 50));`;
  assert.equal((await run(process.execPath, ['--eval', code])).stdout, '₁');
});

test('the cache folder follows FLUXION_CACHE, then XDG_CACHE_HOME', {
  skip: process.platform !== 'linux' && 'Linux only',
}, () => {
  assert.equal(cacheDir({ FLUXION_CACHE: '/a/b' }), '/a/b');
  assert.equal(cacheDir({ XDG_CACHE_HOME: '/xdg' }), '/xdg/fluxion');
  assert.equal(cacheDir({}), path.join(os.homedir(), '.cache', 'fluxion'));
});

const locking = (lock, log) => `(it) => it.withLock(${JSON.stringify(lock)}, async () => {
  const fs = await import('node:fs');
  fs.appendFileSync(${JSON.stringify(log)}, '(');
  await new Promise((done) => setTimeout(done, 300));
  fs.appendFileSync(${JSON.stringify(log)}, ')');
})`;

test('two set-ups at once take turns, and a lock left by a dead one is taken over', async (t) => {
  const computer = machine(t);
  const lock = path.join(computer.folder, 'lock');
  const log = path.join(computer.folder, 'log');
  await Promise.all([1, 2, 3].map(() => computer.evaluate('lib/cache.mjs', locking(lock, log))));
  assert.equal(readFileSync(log, 'utf8'), '()()()');
  assert.equal(existsSync(lock), false);
  const gone = await run(process.execPath, ['--print', 'process.pid']);
  mkdirSync(lock);
  writeFileSync(
    path.join(lock, 'owner.json'),
    JSON.stringify({ pid: Number(gone.stdout), host: os.hostname() }),
  );
  await computer.evaluate('lib/cache.mjs', locking(lock, log));
  assert.equal(readFileSync(log, 'utf8'), '()()()()');
});

test('Ctrl-C ends the children and gives the lock back', {
  skip: process.platform === 'win32' && 'no signals there',
}, async (t) => {
  const computer = machine(t, { programs: ['sleep'] });
  const lock = path.join(computer.folder, 'lock');
  const told = path.join(computer.folder, 'pid');
  const code = `import { withLock } from ${JSON.stringify(`${project}/scripts/lib/cache.mjs`)};
    import { run } from ${JSON.stringify(`${project}/scripts/lib/run.mjs`)};
    await withLock(${JSON.stringify(lock)}, () => run('sh', ['-c', 'echo $$ > ${told}; sleep 60 & wait']));`;
  const child = start(process.execPath, ['--input-type=module', '--eval', code], {
    env: computer.env,
    stdio: 'ignore',
  });
  while (!existsSync(told) || !readFileSync(told, 'utf8').trim())
    await new Promise((done) => setTimeout(done, 20));
  const ended = new Promise((done) => child.on('exit', (status) => done(status)));
  process.kill(child.pid, 'SIGINT');
  assert.equal(await ended, 130);
  assert.equal(existsSync(lock), false);
  const grandchild = Number(readFileSync(told, 'utf8'));
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(grandchild, 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.fail('the child is still running');
});

test('a task runs after its needs, and not at all when they failed', async () => {
  const order = [];
  const task = (name, after, work = () => undefined, more = {}) => ({
    name,
    after,
    work: async () => {
      order.push(name);
      return work();
    },
    ...more,
  });
  const fails = () => {
    throw new SetupError('this is expected here');
  };
  const rows = await runTasks([
    task('c', ['a', 'b'], () => ({ passed: 2, failed: 0, skipped: 1 })),
    task('a', []),
    task('b', ['a']),
    task('bad', ['b'], fails),
    task('never', ['bad']),
  ]);
  assert.deepEqual(order.slice(0, 2), ['a', 'b']);
  assert.equal(order.includes('never'), false);
  const row = (name) => rows.find((one) => one.name === name);
  assert.deepEqual([row('c').passed, row('c').skipped], [2, 1]);
  assert.equal(row('bad').failed, 1);
  assert.deepEqual([row('never').failed, row('never').note], [1, 'not run: bad failed']);
});

test('tasks that measure time run alone', async () => {
  let running = 0;
  const pause = async () => {
    running++;
    await new Promise((done) => setTimeout(done, 20));
    running--;
  };
  let together = 0;
  const alone = {
    name: 'alone',
    alone: true,
    work: async () => {
      together = running;
      await pause();
    },
  };
  const others = [1, 2, 3, 4].map((n) => ({
    name: `t${n}`,
    work: async () => (alone.now ? assert.fail('not alone') : pause()),
  }));
  await runTasks([others[0], alone, ...others.slice(1)]);
  assert.equal(together, 0);
});

test('one suite brings everything it needs', () => {
  const tasks = [{ name: 'a' }, { name: 'b', after: ['a'] }, { name: 'c', after: ['b'] }, { name: 'd' }];
  assert.deepEqual(
    withNeeds(tasks, ['c']).map((task) => task.name),
    ['a', 'b', 'c'],
  );
});

test('the variants’ JavaScript is made fit for bundlers, and a wasm that is too big fails', async (t) => {
  const folder = temporary(t);
  const script = path.join(folder, 'x.mjs');
  const finish = () =>
    run(process.execPath, [path.join(project, 'scripts', 'finish-wasm.mjs'), script, '400']);
  writeFileSync(
    script,
    'const{createRequire}=await import("node:module");if((await import("node:worker_threads")).workerData)a()',
  );
  writeFileSync(path.join(folder, 'x.wasm'), Buffer.alloc(1000));
  assert.match((await finish()).stdout, /^x\.wasm: 1\.0 KB, .* gzip$/m);
  const text = readFileSync(script, 'utf8');
  assert.equal(
    text,
    'const{createRequire}=process.getBuiltinModule("node:module");if(process.getBuiltinModule("node:worker_threads").workerData)a()',
  );
  writeFileSync(path.join(folder, 'x.wasm'), randomBytes(500_000));
  const big = await finish();
  assert.equal(big.code, 1);
  assert.match(big.stderr, /over the limit of 400 KB/);
});

test('functions that are alike get names that stand together', () => {
  const section = (id, ...content) => [id, content.length, ...content];
  // Each pushes and drops a number many times; the first and the last of the three are alike.
  const body = (number) => {
    const code = Array.from({ length: 12 }, (_, i) => [0x41, (number + i) % 60, 0x1a]).flat();
    return [code.length + 2, 0, ...code, 0x0b];
  };
  const module = Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0), // one type: nothing to nothing
    ...section(3, 3, 0, 0, 0),
    ...section(10, 3, ...body(1), ...body(30), ...body(2)),
  ]);
  assert.ok(WebAssembly.validate(module));
  const named = nameByLikeness(module);
  assert.ok(WebAssembly.validate(named));
  const places = named.toString('latin1').match(/\d{6}/g).map(Number); // in the functions' order
  assert.deepEqual([...places].sort(), [0, 1, 2]);
  assert.equal(Math.abs(places[0] - places[2]), 1);
  // What had names gets new ones, and nothing else changes.
  assert.deepEqual(nameByLikeness(named), named);
});
