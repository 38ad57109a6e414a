// Two projects: `node` runs in Node, `browser` in Chromium. Both use the built package, under its public name.
import path from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const project = path.dirname(import.meta.dirname);
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: project,
  resolve: {
    alias: [
      { find: /^fluxion$/, replacement: path.join(project, 'dist', 'index.js') },
      { find: /^fluxion\/(\w+)$/, replacement: path.join(project, 'dist', '$1.js') },
    ],
  },
  test: {
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/web/*.test.ts', 'tutorials/**/*.test.ts'],
          // The package as Node loads it, not as Vite would transform it.
          server: { deps: { external: [/\/dist\//] } },
        },
      },
      {
        extends: true,
        server: { headers: isolation },
        test: {
          name: 'browser',
          include: ['tests/web/browser/*.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: ['--no-sandbox'] },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
