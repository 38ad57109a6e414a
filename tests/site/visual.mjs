// How the pages look, held against the pictures in baselines/. `--update` takes them anew.
import fs from 'node:fs';
import path from 'node:path';
import { figure, open, scrollTo, until } from './lib/page.mjs';
import { check, expect } from './lib/report.mjs';
import { PAGES } from './contract.mjs';

const folder = path.join(import.meta.dirname, 'baselines');
const fresh = path.join(import.meta.dirname, '..', '..', 'test-results', 'site');
const SIZES = [
  [1280, 800],
  [390, 844],
];

// Pictures are compared at a quarter of their size, where fonts' fine edges and single pixels do not count: a
// changed layout or colour does. What trains in them differs by a little from machine to machine.
const SHRINK = 4;
const VISIBLE = 40;
const SHARE = 0.02;

/** In a browser page: the share of the shrunken pixels that visibly differ, or what else is wrong. */
async function difference([one, other, shrink, visible]) {
  const load = async (base64) => {
    const answer = await fetch(`data:image/png;base64,${base64}`);
    return createImageBitmap(await answer.blob());
  };
  const [a, b] = [await load(one), await load(other)];
  if (Math.abs(a.width - b.width) > 2 || Math.abs(a.height - b.height) > 12) {
    return `${a.width} × ${a.height} became ${b.width} × ${b.height}`;
  }
  const [w, h] = [Math.floor(a.width / shrink), Math.floor(a.height / shrink)];
  const pixels = (image) => {
    const c = new OffscreenCanvas(w, h).getContext('2d');
    c.imageSmoothingQuality = 'high';
    c.drawImage(image, 0, 0, w * shrink, h * shrink, 0, 0, w, h);
    return c.getImageData(0, 0, w, h).data;
  };
  const [p, q] = [pixels(a), pixels(b)];
  let differing = 0;
  for (let i = 0; i < p.length; i += 4) {
    const d = Math.max(...[0, 1, 2].map((k) => Math.abs(p[i + k] - q[i + k])));
    if (d > visible) differing++;
  }
  return differing / (w * h);
}

async function compare(tool, name, picture, update, share = SHARE) {
  const kept = path.join(folder, `${name}.png`);
  if (update) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(kept, picture);
    return 'taken anew';
  }
  expect(fs.existsSync(kept), 'there is no baseline; run with --update and look at it');
  const result = await tool.evaluate(difference, [
    fs.readFileSync(kept).toString('base64'),
    picture.toString('base64'),
    SHRINK,
    VISIBLE,
  ]);
  if (typeof result === 'number' && result <= share) return `${(100 * result).toFixed(2)} % differ`;
  fs.mkdirSync(fresh, { recursive: true });
  fs.writeFileSync(path.join(fresh, `${name}.png`), picture);
  throw new Error(
    `${typeof result === 'number' ? `${(100 * result).toFixed(1)} % differ` : result}; see test-results/site/${name}.png`,
  );
}

/** The first screen of each page, before anything trains. */
async function firstScreens(browser, url, tool, update) {
  for (const page of PAGES) {
    for (const [width, height] of SIZES) {
      for (const colorScheme of ['light', 'dark']) {
        const name = `${page.replace('/', '') || 'home'}-${width}-${colorScheme}`;
        await check(`looks: ${name}`, async () => {
          const session = await open(browser, url, {
            path: page,
            width,
            height,
            colorScheme,
            reducedMotion: 'reduce',
          });
          await session.page.evaluate(() => document.fonts.ready);
          await session.page.waitForTimeout(page === '' ? 1200 : 400);
          const picture = await session.page.screenshot();
          await session.close();
          return compare(tool, name, picture, update);
        });
      }
    }
  }
}

/** Figures in the state that the seed leads to, each once on a wide light page and once on a dark phone. */
const TRAINED = [
  { page: '', id: 'hero', reach: ['state', '(v) => v === "finished"'] },
  { page: 'xor/', id: 'line', reach: ['step', '(v) => Number(v) >= 200'] },
  { page: 'xor/', id: 'net', reach: ['state', '(v) => v === "finished"'] },
  { page: 'xor/', id: 'fold', reach: ['state', '(v) => v === "finished"'] },
  { page: 'xor/', id: 'seeds', reach: ['step', '(v) => Number(v) >= 400'] },
  { page: 'digits/', id: 'lab', reach: ['score', '(v) => Number(v) >= 0.94'], more: ['seen', 'taken'] },
  { page: 'transformer/', id: 'sort', reach: ['score', '(v) => Number(v) >= 0.99'], more: ['eyes'] },
  { page: 'transformer/', id: 'text', reach: ['after', '(v) => Number(v) > 0'], more: ['yours'] },
  // What is timed differs from run to run: its tables as they stand before.
  {
    page: 'benchmark/',
    id: 'bench',
    reach: ['state', '(v) => v === "waiting"'],
    more: ['products', 'networks', 'rest'],
  },
];

async function trainedFigures(browser, url, tool, update) {
  for (const { page, id, reach, more = [] } of TRAINED) {
    for (const [width, height, colorScheme] of [
      [1280, 800, 'light'],
      [390, 844, 'dark'],
    ]) {
      await check(`looks: ${id}, trained, ${width} ${colorScheme}`, async () => {
        const session = await open(browser, url, { path: page, width, height, colorScheme });
        const place = session.page;
        await place.evaluate(() => document.fonts.ready);
        await scrollTo(place, id);
        await until(place, id, reach[0], reach[1], 90_000);
        const pause = figure(place, id).locator('button[data-command=pause]');
        if (await pause.isVisible()) await pause.click();
        const notes = [];
        for (const part of [id, ...more]) {
          const element = place.locator(`[data-figure="${part}"]`);
          await element.scrollIntoViewIfNeeded();
          await place.waitForTimeout(300);
          // What is learnt differs in its details between two kinds of SIMD, so more may differ here.
          notes.push(await compare(tool, `figure-${part}-${width}`, await element.screenshot(), update, 0.1));
        }
        await session.close();
        return notes.join(', ');
      });
    }
  }
}

export async function looks(browser, url, update) {
  const context = await browser.newContext();
  const tool = await context.newPage();
  await firstScreens(browser, url, tool, update);
  await trainedFigures(browser, url, tool, update);
  await context.close();
}
