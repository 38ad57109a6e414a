// Runs named tasks in the order of their needs, two at a time, and keeps the score.
import { SetupError, say, seconds } from './ui.mjs';

/**
 * A task is { name, after, alone, work }: the names of the tasks it needs, whether it wants the machine for itself (it
 * measures time), and a function that may give counts { passed, failed, skipped }. A task whose needs failed is not run.
 * Gives a row { name, time, passed, failed, skipped, note } for every task, in the order they were listed.
 */
export async function runTasks(tasks, { slots = 2 } = {}) {
  const rows = new Map();
  const running = new Map();
  const waiting = new Set(tasks);
  const failed = (name) => rows.get(name)?.failed > 0;

  const runOne = async (task) => {
    const from = performance.now();
    const row = { name: task.name, passed: 0, failed: 0, skipped: 0, note: '' };
    try {
      Object.assign(row, await task.work());
    } catch (error) {
      row.failed = Math.max(1, row.failed);
      row.note = 'failed';
      say(`✗ ${task.name}: ${error instanceof SetupError ? error.message : error.stack}`);
    }
    row.time = performance.now() - from;
    rows.set(task.name, row);
    running.delete(task.name);
    if (task.suite)
      say(
        `${row.failed ? '✗' : '✓'} ${task.name}: ${row.passed} passed, ${row.failed} failed in ${seconds(row.time)}`,
      );
  };

  while (waiting.size || running.size) {
    for (const task of waiting) {
      const needs = task.after ?? [];
      const broken = needs.find(failed);
      if (broken) {
        waiting.delete(task);
        rows.set(task.name, {
          name: task.name,
          time: 0,
          passed: 0,
          failed: 1,
          skipped: 0,
          note: `not run: ${broken} failed`,
        });
        continue;
      }
      if (!needs.every((name) => rows.has(name))) continue;
      const alone = task.alone || [...running.values()].some(({ task }) => task.alone);
      if (running.size >= slots || (alone && running.size)) continue;
      waiting.delete(task);
      running.set(task.name, { task, promise: runOne(task) });
    }
    if (running.size) await Promise.race([...running.values()].map(({ promise }) => promise));
  }
  return tasks.map(({ name }) => rows.get(name));
}

/** The tasks named, with everything that they need. */
export function withNeeds(tasks, names) {
  const wanted = new Set();
  const take = (name) => {
    const task = tasks.find((one) => one.name === name);
    if (!task || wanted.has(task)) return;
    (task.after ?? []).forEach(take);
    wanted.add(task);
  };
  names.forEach(take);
  return tasks.filter((task) => wanted.has(task));
}
