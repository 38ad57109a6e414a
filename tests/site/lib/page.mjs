// A page under watch: what it prints, what it asks for from elsewhere, and how long it keeps its thread.

const MARK = 'fluxion-watch';
const LONG_MS = 50;

/** Tasks of the page's main thread that lasted over 50 ms by the clock, with the time that they really computed: on a
    busy machine a thread also waits for its turn, which is no fault of the page. */
function longTasks(events) {
  const marks = events.filter((e) => e.name === MARK);
  const main = new Set(marks.map((e) => `${e.pid}:${e.tid}`));
  const began = Math.min(...marks.map((e) => e.ts));
  return events
    .filter((e) => e.name.endsWith('RunTask') && e.ph === 'X' && main.has(`${e.pid}:${e.tid}`))
    .filter((e) => e.dur > 1000 * LONG_MS)
    .map((e) => ({ at: (e.ts - began) / 1000, ms: e.dur / 1000, computed: (e.tdur ?? e.dur) / 1000 }));
}

/** Opens an address in a context of its own. `troubles` fills with console errors and foreign requests; with `trace`
    on, `longTasks()` ends the watch over the page's main thread. */
export async function open(browser, url, options = {}) {
  const { path = '', width = 1280, height = 800, trace = false, ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, ...rest });
  const page = await context.newPage();
  const troubles = [];
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') troubles.push(`console ${m.type()}: ${m.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (r) => {
    if (!r.failure()?.errorText.includes('ERR_ABORTED')) troubles.push(`request failed: ${r.url()}`);
  });
  context.on('request', (r) => {
    const other = new URL(r.url());
    const own = new URL(url);
    if (!['data:', 'blob:'].includes(other.protocol) && other.origin !== own.origin) {
      troubles.push(`another origin: ${r.url()}`);
    }
  });
  await page.addInitScript((mark) => performance.mark(mark), MARK);
  if (trace) await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  const started = performance.now();
  await page.goto(url + path);
  return {
    page,
    troubles,
    since: () => performance.now() - started,
    again: () => open(browser, url, options),
    longTasks: async () => longTasks(JSON.parse(String(await browser.stopTracing())).traceEvents),
    close: () => context.close(),
  };
}

/** A figure of the page, by the id of its place in the text. */
export const figure = (page, id) => page.locator(`[data-figure="${id}"] fx-figure`);

export const data = (locator, name) => locator.evaluate((el, key) => el.dataset[key], name);

/** Waits until the figure's `data-*` value passes a test that is given as the text of an arrow function. */
export async function until(page, id, name, test, timeout) {
  await page.waitForFunction(
    ([figureId, key, source]) => {
      const value = document.querySelector(`[data-figure="${figureId}"] fx-figure`)?.dataset[key];
      return value !== undefined && new Function('v', `return (${source})(v)`)(value);
    },
    [id, name, test],
    { timeout, polling: 50 },
  );
}

/** Brings a figure into the middle of the window, as a reader who scrolls to it does. */
export const scrollTo = (page, id) =>
  figure(page, id).evaluate((el) => el.scrollIntoView({ block: 'center', behavior: 'instant' }));
