// What every page and figure keeps to: keys, links, reduced motion, phones, screen readers, no script, no headers.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import zlib from 'node:zlib';
import { data, figure, open, scrollTo, until } from './lib/page.mjs';
import { check, expect } from './lib/report.mjs';

export const PAGES = ['', 'xor/', 'digits/', 'transformer/', 'benchmark/', 'credits/'];
const name = (path) => path.replace('/', '') || 'home';
const KILO = 1024;

export async function budgets(browser, url) {
  await check(
    'home: at most 60 KB of JavaScript and 400 KB of wasm before anything is pressed, gzipped',
    async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      const sizes = { js: 0, wasm: 0 };
      const seen = new Set();
      const reading = [];
      context.on('response', (response) => {
        const kind = /\.(js|wasm)$/.exec(new URL(response.url()).pathname)?.[1];
        if (!kind || seen.has(response.url())) return;
        seen.add(response.url());
        reading.push(
          response.body().then((body) => {
            sizes[kind] += zlib.gzipSync(body, { level: 9 }).length;
          }),
        );
      });
      await page.goto(url);
      await until(page, 'hero', 'step', '(v) => Number(v) > 20', 10_000);
      await Promise.all(reading);
      await context.close();
      const note = `${(sizes.js / KILO).toFixed(1)} KB and ${(sizes.wasm / KILO).toFixed(0)} KB`;
      expect(sizes.js > 0 && sizes.js <= 60 * KILO && sizes.wasm <= 400 * KILO, note);
      return note;
    },
  );
}

export async function keys(browser, url) {
  // A line never finishes, so that every key meets a running figure.
  const session = await open(browser, url, { path: 'xor/#net.hidden=0' });
  const { page } = session;
  const net = figure(page, 'net');
  await check('keys: Space plays and pauses, . steps, R starts again, ? explains', async () => {
    await scrollTo(page, 'net');
    await until(page, 'net', 'state', '(v) => v === "running"', 5000);
    await net.focus();
    await page.keyboard.press('Space');
    await until(page, 'net', 'state', '(v) => v === "paused"', 2000);
    await page.keyboard.press('r');
    await until(page, 'net', 'step', '(v) => v === "0"', 2000);
    await page.keyboard.press('.');
    await until(page, 'net', 'step', '(v) => v === "1"', 2000);
    await page.keyboard.press('.');
    await until(page, 'net', 'step', '(v) => v === "2"', 2000);
    await page.keyboard.press('Space');
    await until(page, 'net', 'step', '(v) => Number(v) > 5', 3000);
    await page.keyboard.press('Space');
    await until(page, 'net', 'state', '(v) => v === "paused"', 2000);
    await page.keyboard.press('?');
    await net.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await net.getByRole('dialog').waitFor({ state: 'hidden' });
  });
  await check('keys: arrows read values off the plane, the chart and the weights', async () => {
    for (const selector of ['fx-boundary .plane', 'fx-chart .plot', 'fx-network svg']) {
      const picture = net.locator(selector);
      await picture.focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      const read = await picture.evaluate((el) => el.getRootNode().querySelector('[aria-live]').textContent);
      expect(/\d/.test(read), `${selector} reads nothing: “${read}”`);
    }
  });
  await check('link: a changed set-up is in the address, and the address opens the same run', async () => {
    await net.locator('input[name=seed]').fill('7');
    await net.locator('input[name=seed]').press('Enter');
    await net.locator('select[name=hidden]').selectOption('3');
    await net.locator('select[name=rate]').selectOption('0.001');
    const steps = async (p) => {
      const fresh = p !== page;
      const there = figure(p, 'net');
      await scrollTo(p, 'net');
      if (fresh) await until(p, 'net', 'state', '(v) => v === "running"', 10_000);
      await there.focus();
      if (fresh) await p.keyboard.press('Space');
      await p.keyboard.press('r');
      await until(p, 'net', 'step', '(v) => v === "0"', 3000);
      for (let i = 1; i <= 5; i++) {
        await p.keyboard.press('.');
        await until(p, 'net', 'step', `(v) => v === "${i}"`, 3000);
      }
      return data(there, 'loss');
    };
    const here = await steps(page);
    const address = new URL(page.url());
    expect(address.hash.includes('net.seed=7') && address.hash.includes('net.hidden=3'), address.hash);
    const other = await open(browser, url, { path: `xor/${address.hash}` });
    const there = await steps(other.page);
    await other.close();
    expect(here === there, `${here} here, ${there} there`);
    return `loss ${here} at step 5`;
  });
  await check('link: a link in the prose sets the figure up', async () => {
    await page.getByRole('link', { name: 'None', exact: true }).click();
    await page.waitForFunction(
      () => document.querySelector('[data-figure=net] fx-figure').values.hidden === 0,
      undefined,
      { timeout: 3000 },
    );
  });
  await session.close();
}

export async function calm(browser, url) {
  await check('reduced motion: a figure shows its start and waits for Play', async () => {
    const session = await open(browser, url, { reducedMotion: 'reduce' });
    await until(session.page, 'hero', 'state', '(v) => v === "waiting"', 5000);
    await session.page.waitForTimeout(600);
    expect((await data(figure(session.page, 'hero'), 'step')) === '0', 'it trained by itself');
    await figure(session.page, 'hero').locator('button[data-command=play]').click();
    await until(session.page, 'hero', 'step', '(v) => Number(v) > 5', 3000);
    await session.close();
  });
  await check('a figure out of view rests', async () => {
    const session = await open(browser, url, { path: 'xor/' });
    await scrollTo(session.page, 'line');
    await until(session.page, 'line', 'state', '(v) => v === "running"', 5000);
    await session.page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
    await until(session.page, 'line', 'state', '(v) => v === "paused"', 3000);
    await session.close();
  });
  await check('without JavaScript the text and the captions are there', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    for (const path of PAGES) {
      await page.goto(url + path);
      const words = (await page.locator('main').innerText()).split(/\s+/).length;
      expect(words > 120, `${name(path)} has ${words} words`);
    }
    await page.goto(`${url}xor/`);
    expect((await page.locator('figcaption').count()) >= 4, 'captions are missing');
    await context.close();
  });
}

export async function phones(browser, url) {
  for (const [width, height] of [
    [390, 844],
    [360, 740],
  ]) {
    await check(`phone ${width} × ${height}: no page scrolls sideways`, async () => {
      for (const path of PAGES) {
        const session = await open(browser, url, { path, width, height, hasTouch: true, isMobile: true });
        await session.page.waitForTimeout(300);
        const wide = await session.page.evaluate(() => document.documentElement.scrollWidth);
        await session.close();
        expect(wide <= width, `${name(path)} is ${wide} px wide`);
      }
    });
  }
  await check('phone: no figure is taller than the screen', async () => {
    for (const path of PAGES) {
      const session = await open(browser, url, {
        path,
        width: 390,
        height: 844,
        hasTouch: true,
        isMobile: true,
      });
      await session.page.waitForTimeout(500);
      const tall = await session.page
        .locator('fx-figure')
        .evaluateAll((all) => all.map((f) => [f.parentElement.dataset.figure, Math.round(f.offsetHeight)]));
      await session.close();
      for (const [id, h] of tall) expect(h <= 844, `${name(path)} ${id} is ${h} px tall`);
    }
  });
  await check('phone: a tap starts and stops a figure, a finger draws a digit', async () => {
    const session = await open(browser, url, {
      path: 'digits/',
      width: 390,
      height: 844,
      hasTouch: true,
      isMobile: true,
    });
    const { page } = session;
    await scrollTo(page, 'lab');
    await until(page, 'lab', 'state', '(v) => v === "running"', 20_000);
    await figure(page, 'lab').locator('button[data-command=pause]').tap();
    await until(page, 'lab', 'state', '(v) => v === "paused"', 2000);
    const pad = page.locator('fx-digit-pad .pad');
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await until(page, 'lab', 'answer', '(v) => /^[0-9]$/.test(v)', 3000);
    await session.close();
  });
}

export async function accessible(browser, url) {
  const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const path of PAGES) {
    for (const colorScheme of ['light', 'dark']) {
      await check(`axe: ${name(path)}, ${colorScheme}`, async () => {
        const session = await open(browser, url, { path, colorScheme });
        const { page } = session;
        if (path === '') await until(page, 'hero', 'step', '(v) => Number(v) > 50', 5000);
        if (path === 'xor/') {
          await scrollTo(page, 'seeds');
          await until(page, 'seeds', 'step', '(v) => Number(v) > 20', 10_000);
        }
        if (path === 'digits/') {
          await scrollTo(page, 'lab');
          await until(page, 'lab', 'score', '(v) => Number(v) > 0.5', 20_000);
        }
        if (path === 'benchmark/') {
          await scrollTo(page, 'profile');
          await until(page, 'profile', 'state', '(v) => v === "finished"', 30_000);
        }
        await page.locator('details').evaluateAll((all) => all.map((d) => (d.open = true)));
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          globalThis.axe.run(document, { resultTypes: ['violations'] }),
        );
        await session.close();
        const told = violations.map(
          (v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')} (${v.help})`,
        );
        expect(violations.length === 0, told.join('\n'));
      });
    }
  }
}

/** The same site from a host that sends no headers. */
export async function plain(browser, url) {
  const session = await open(browser, url);
  await check('a host without isolation headers: trains on one thread and says so', async () => {
    await until(session.page, 'hero', 'score', '(v) => v === "4/4"', 8000);
    const foot = await session.page.locator('#device').innerText();
    expect(/one thread/.test(foot) && /isolate/.test(foot), `the foot says “${foot}”`);
    return foot;
  });
  await check('a host without isolation headers: the benchmark offers one thread and says why', async () => {
    const { page, close } = await open(browser, url, { path: 'benchmark/' });
    const words = await page.locator('.overview .take').innerText();
    const offered = await figure(page, 'bench').locator('select[name=threads] option').allInnerTexts();
    await close();
    expect(/not cross-origin isolated/.test(words), words);
    expect(offered.join() === 'one', offered.join());
  });
  await check('a host without isolation headers: no trouble', async () => {
    const digits = await open(browser, url, { path: 'digits/' });
    await scrollTo(digits.page, 'lab');
    await until(digits.page, 'lab', 'score', '(v) => Number(v) > 0.8', 20_000);
    const troubles = [...session.troubles, ...digits.troubles];
    await digits.close();
    expect(troubles.length === 0, troubles.join('\n'));
  });
  await session.close();
}
