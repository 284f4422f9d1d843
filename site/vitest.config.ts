// Unit tests of the site's logic: no browser, no Astro.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/**/*.test.ts'] } });
