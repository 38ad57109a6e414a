// `npm start`: all set-up, a quick build, then the site at an address that is printed. The slower variants build while
// the site is already up, and changes to C++ and TypeScript sources are built and picked up as they are made.
import { existsSync, watch } from 'node:fs';
import {
  buildData,
  buildDevVariant,
  buildPackage,
  buildVariants,
  placeVariants,
  variantsAreFresh,
} from './lib/build.mjs';
import { at, currentNode, npmPath, root } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { elapsed, main, SetupError, say } from './lib/ui.mjs';
import { ensurePackages } from './setup/packages.mjs';

/** Runs Vite until it ends. Tells when it answers. */
async function serve() {
  const args = [
    at('node_modules', 'vite', 'bin', 'vite.js'),
    '--config',
    at('tutorials', 'vite.config.ts'),
    ...process.argv.slice(2),
  ];
  const result = await run(currentNode(), args, {
    cwd: root,
    env: { PATH: npmPath(), NO_COLOR: '1' },
    onLine(line) {
      const address = line.match(/Local:\s+(\S+)/)?.[1];
      if (address) say(`\n  The site is at ${address} (ready after ${elapsed()}). Ctrl-C ends it.\n`);
      else if (/error|warn|reload|hmr/i.test(line)) say(line);
    },
  });
  throw new SetupError(
    `The site's server ended (code ${result.code}):\n${result.output.trim().split('\n').slice(-15).join('\n')}`,
  );
}

let generation = 0;

async function buildTheRest() {
  const begun = generation;
  try {
    await buildVariants({ nice: true });
    // A change in the meantime is already served by the development variant, and newer than these.
    if (begun === generation) placeVariants('wasm');
  } catch (error) {
    say(`✗ ${error.message}`);
  }
}

/** Builds again when a source changes; many changes at once are one. */
function rebuildOnChange() {
  let timer;
  let busy = Promise.resolve();
  const rebuild = async () => {
    try {
      if (await buildDevVariant()) {
        generation++;
        placeVariants('wasm-dev');
      }
      await buildPackage();
    } catch (error) {
      say(`✗ ${error.message}`);
    }
  };
  for (const folder of ['cpp', 'bindings', 'web']
    .map((name) => at(name))
    .filter((name) => existsSync(name))) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        busy = busy.then(rebuild);
      }, 300);
    });
  }
}

await main(async () => {
  await ensurePackages();
  const complete = await variantsAreFresh();
  if (!complete) await buildDevVariant();
  placeVariants(complete ? 'wasm' : 'wasm-dev');
  await buildPackage();
  await buildData();
  const serving = serve();
  rebuildOnChange();
  if (!complete) buildTheRest();
  await serving;
});
