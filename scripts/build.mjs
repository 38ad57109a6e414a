// `npm run build`: the package into dist/, the site into dist-site/.
import { buildData, buildDist, buildSite } from './lib/build.mjs';
import { elapsed, main, say } from './lib/ui.mjs';
import { ensurePackages } from './setup/packages.mjs';

await main(async () => {
  await ensurePackages();
  await buildDist();
  await buildData();
  await buildSite();
  say(`dist/ and dist-site/ are ready (${elapsed()})`);
});
