// A Chromium for the tests: the one that is named, an installed one, Playwright's, or Debian's.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cacheDir, withLock } from '../lib/cache.mjs';
import { at, currentNode } from '../lib/project.mjs';
import { run, which } from '../lib/run.mjs';
import { SetupError, say, step } from '../lib/ui.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const places = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter(Boolean)
    .map((folder) => path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

function installed() {
  for (const name of names) {
    const file = which(name);
    if (file) return file;
  }
  return (places[process.platform] ?? []).find((file) => existsSync(file));
}

function* filesBelow(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

const browsers = () => path.join(cacheDir(), 'playwright');
const downloaded = () =>
  [...filesBelow(browsers())].find((file) =>
    /[/\\](chrome|Chromium|chrome\.exe|Google Chrome for Testing)$/.test(file),
  );

async function works(file) {
  const { code, stdout } = await run(file, ['--version', '--no-sandbox'], { timeout: 30_000 });
  return code === 0 || (process.platform === 'win32' && stdout === '');
}

async function download() {
  const { code } = await run(
    currentNode(),
    [at('node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium', '--no-shell'],
    {
      env: { PLAYWRIGHT_BROWSERS_PATH: browsers() },
      timeout: 5 * 60_000,
    },
  );
  const file = code === 0 ? downloaded() : undefined;
  return file && (await works(file)) ? file : undefined;
}

async function fromApt() {
  if (!which('apt-get')) return undefined;
  const root = process.getuid?.() === 0;
  if (!root && !(which('sudo') && (await run('sudo', ['-n', 'true'])).code === 0)) return undefined;
  const apt = (args) =>
    run(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  await apt(['update']);
  const { code } = await apt(['install', '--yes', '--no-install-recommends', 'chromium']);
  return code === 0 ? installed() : undefined;
}

/** Returns the path of a Chromium. */
export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new SetupError(
      `CHROMIUM_PATH names ${named}, which does not exist: correct it, or unset it and let set-up find a browser.`,
    );
  }
  const found = installed() ?? downloaded();
  if (found) return found;
  return step('fetching Chromium', () =>
    withLock(path.join(cacheDir(), 'playwright.lock'), async () => {
      const got = downloaded() ?? (await download());
      if (got) return got;
      say('  its download did not work; trying apt');
      const packaged = await fromApt();
      if (packaged) return packaged;
      throw new SetupError(
        'There is no Chromium for the tests: install Chromium or Chrome (on Debian: apt install chromium), or let CHROMIUM_PATH name one.',
      );
    }),
  );
}
