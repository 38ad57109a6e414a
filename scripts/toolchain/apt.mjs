// Debian packages without installing them: apt with private lists, then unpacked into a folder. Nothing on the system
// changes, and no special rights are needed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must, run, which } from '../lib/run.mjs';
import { SetupError } from '../lib/ui.mjs';

const advice =
  'install Emscripten 4 or newer (https://emscripten.org) so that emcc is on PATH, or let EMSDK name its folder';

function isDebian() {
  try {
    return /^ID=["']?debian["']?$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** The mirror this machine already uses, read from what apt would fetch. It works with no package lists present. */
async function mirror() {
  const { stdout } = await run('apt-get', ['update', '--print-uris']);
  const addresses = [...stdout.matchAll(/^'([^']+)\/dists\/([^/']+)\/(?:In)?Release'/gm)];
  const found =
    addresses.find(([, site, suite]) => !/security/.test(suite) && /\/debian\/?$/.test(site)) ?? addresses[0];
  if (!found)
    throw new SetupError(
      `apt names no Debian mirror on this machine: add one to /etc/apt/sources.list, or ${advice}.`,
    );
  return found[1];
}

/** Opens Debian testing in `folder` and returns the few questions the recipe asks of it. */
export async function openTesting(folder) {
  if (process.platform !== 'linux' || !isDebian() || !which('apt-get') || !which('dpkg')) {
    throw new SetupError(`There is no ready-made Emscripten for this system: ${advice}.`);
  }
  const site = await mirror();
  const lists = path.join(folder, 'lists');
  const debs = path.join(folder, 'debs');
  for (const made of [lists, debs, path.join(folder, 'cache/archives/partial')])
    mkdirSync(made, { recursive: true });
  const keyring = [
    '/usr/share/keyrings/debian-archive-keyring.pgp',
    '/usr/share/keyrings/debian-archive-keyring.gpg',
  ].find(existsSync);
  const source = path.join(folder, 'testing.sources');
  writeFileSync(
    source,
    `Types: deb\nURIs: ${site}\nSuites: testing\nComponents: main\n${keyring ? `Signed-By: ${keyring}\n` : ''}`,
  );
  const options = {
    'Dir::Etc::sourcelist': source,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::lists': lists,
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await must(
    `Debian testing could not be read from ${site}: check the network connection, or ${advice}.`,
    'apt-get',
    [...flags, '--error-on=any', 'update'],
  );

  return {
    async candidate(name) {
      const { stdout } = await run('apt-cache', [...flags, 'policy', name]);
      return stdout.match(/Candidate: (?!\(none\))(?:\d+:)?(\S+)/)?.[1];
    },
    /** Direct dependencies; of alternatives and virtual packages the first real one counts. */
    async depends(name) {
      const { stdout } = await run('apt-cache', [...flags, 'depends', '--important', name]);
      return [...stdout.matchAll(/^ {2}(?:Pre)?Depends: <?([^\s>:]+)/gm)].map((match) => match[1]);
    },
    async unpack(names, root) {
      await must(
        `Packages could not be fetched from ${site}: check the network connection, or ${advice}.`,
        'apt-get',
        [...flags, 'download', ...names],
        {
          cwd: debs,
        },
      );
      mkdirSync(root, { recursive: true });
      for (const deb of readdirSync(debs)) {
        await must(`The package ${deb} could not be unpacked: make room on the disk and try again.`, 'dpkg', [
          '-x',
          path.join(debs, deb),
          root,
        ]);
      }
    },
  };
}

/** Unpacks one package of the system's own release into `folder`. Gives false where that cannot work. */
export async function unpackOne(name, folder) {
  if (!which('apt-get') || !which('dpkg')) return false;
  const work = mkdtempSync(path.join(os.tmpdir(), 'fluxion-apt-'));
  try {
    mkdirSync(path.join(work, 'lists'));
    const flags = [
      '-o',
      `Dir::State::lists=${path.join(work, 'lists')}`,
      '-o',
      `Dir::Cache=${work}`,
      '-o',
      'APT::Sandbox::User=root',
    ];
    await run('apt-get', [...flags, 'update'], { cwd: work });
    await run('apt-get', [...flags, 'download', name], { cwd: work });
    const deb = readdirSync(work).find((file) => file.endsWith('.deb'));
    return deb !== undefined && (await run('dpkg', ['-x', path.join(work, deb), folder])).code === 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
