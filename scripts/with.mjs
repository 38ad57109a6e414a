// Prepares what a command needs and then runs it with the current Node: `node scripts/with.mjs package scripts/train.mjs xor`.
// The preparations: `packages` (npm's), `package` (built, with the lessons' data), `chromium`, `peaks` (what the
// benchmark measures the machine with); several go with a comma.
import { buildData, buildDist, buildPeaks } from './lib/build.mjs';
import { at, currentNode, npmPath, root } from './lib/project.mjs';
import { start } from './lib/run.mjs';
import { leaveStdoutAlone, main } from './lib/ui.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { ensurePackages } from './setup/packages.mjs';

await main(async () => {
  leaveStdoutAlone();
  const [needs, script, ...args] = process.argv.slice(2);
  const env = { PATH: npmPath() };
  await ensurePackages();
  if (needs.includes('chromium')) env.CHROMIUM_PATH = await ensureChromium();
  if (needs.split(',').includes('package')) {
    await buildDist();
    await buildData();
  }
  if (needs.includes('peaks')) await buildPeaks();
  const child = start(currentNode(), [at(script), ...args], { cwd: root, env });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
});
