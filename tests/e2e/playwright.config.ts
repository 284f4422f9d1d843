// Browser tests in Debian's Chromium, against the built site: a server of our own over site/dist, or the one
// that PROMENADE_E2E_URL names.
import { defineConfig } from '@playwright/test';

const port = 4173;
const external = process.env['PROMENADE_E2E_URL'];
const baseURL = external ?? `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // Two cores: the engine of one page, and the browser.
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL,
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  ...(external
    ? {}
    : {
        webServer: {
          command: `node tests/e2e/static-server.ts ${port}`,
          cwd: '../..',
          url: baseURL,
          reuseExistingServer: false,
        },
      }),
});
