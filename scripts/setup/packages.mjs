// npm's packages, as the lock file names them.
import { existsSync } from 'node:fs';
import { withLock } from '../lib/cache.mjs';
import { at, root } from '../lib/project.mjs';
import { must, which } from '../lib/run.mjs';
import { fresh, hashOf, mark } from '../lib/stamp.mjs';
import { SetupError, step } from '../lib/ui.mjs';

export async function ensurePackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20.20 or newer (https://nodejs.org).`,
    );
  }
  if (!which('npm')) throw new SetupError('npm is missing: install it (it comes with https://nodejs.org).');
  // Kept inside node_modules, so that whoever removes the folder removes the claim as well.
  const stamp = at('node_modules', '.fluxion.json');
  const hash = hashOf(
    root,
    ['package.json', 'package-lock.json', '.npmrc'],
    [process.platform, process.arch],
  );
  if (fresh(stamp, hash)) return;
  await step('installing the npm packages', () =>
    withLock(at('build', '.stamps', 'packages.lock'), async () => {
      if (fresh(stamp, hash) && existsSync(at('node_modules'))) return;
      await must(
        'The npm packages could not be installed: check the network connection and that "npm ci" works here.',
        'npm',
        ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
        { cwd: root },
      );
      mark(stamp, hash);
    }),
  );
}
