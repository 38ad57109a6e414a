// Set-up by parts: `node scripts/setup.mjs toolchain` makes the toolchain ready; `env` prints shell lines that put it on PATH.
import path from 'node:path';
import { main, say } from './lib/ui.mjs';
import { ensureToolchain } from './toolchain/index.mjs';

await main(async () => {
  const wish = process.argv[2] ?? 'all';
  if (wish === 'toolchain') {
    const { root, version, from } = await ensureToolchain();
    say(`Emscripten ${version} (${from}) in ${root}`);
  } else if (wish === 'root') {
    say((await ensureToolchain()).root);
  } else if (wish === 'env') {
    const { root } = await ensureToolchain();
    say(`export EMSCRIPTEN_ROOT='${root}'\nexport PATH='${root}${path.delimiter}'"$PATH"`);
  } else {
    say('use: node scripts/setup.mjs toolchain | env | root');
    return 2;
  }
});
