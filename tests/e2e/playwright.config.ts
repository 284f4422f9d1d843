// Browser tests in Debian's Chromium, against the built site and the native server that serves it, as
// `npm start` does.
import { defineConfig } from '@playwright/test';

const port = 4173;
const baseURL = `http://127.0.0.1:${port}`;
const server = process.env['PROMENADE_BIN'] ?? 'build/release/native/promenade';

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
    // A worker would answer the next test from what the last build left.
    serviceWorkers: 'block',
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
  webServer: {
    command: [
      server,
      '--config.file=tests/e2e/prometheus.yml',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.site=site/dist',
      '--log.level=warn',
    ].join(' '),
    cwd: '../..',
    url: `${baseURL}/-/ready`,
    reuseExistingServer: false,
  },
});
