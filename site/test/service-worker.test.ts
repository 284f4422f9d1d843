import { expect, test } from 'vitest';

import { addressOf, isCached } from '../integrations/service-worker';

test.each([
  ['index.html', ''],
  ['course/index.html', 'course/'],
  ['_astro/a.js', '_astro/a.js'],
  ['404.html', '404.html'],
])('%s is asked for as %j', (file, address) => expect(addressOf(file)).toBe(address));

test.each([
  ['course/index.html', true],
  ['_astro/promenade.wasm', true],
  ['pagefind/pagefind.js', true],
  ['pagefind/pagefind-worker.js', true],
  ['pagefind/pagefind-component-ui.js', false],
  ['sw.js', false],
  ['sitemap-0.xml', false],
  ['_astro/promenade.wasm.br', false],
])('%s is kept: %s', (file, kept) => expect(isCached(file)).toBe(kept));
