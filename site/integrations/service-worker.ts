/**
 * Writes dist/sw.js: a service worker that keeps every file of the site, so that after the first visit the
 * whole course works without a network, from any sub-path. The list of files and a hash of their contents are put
 * into site/src/service-worker.js at the build: a new build is a new worker with a new cache.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AstroIntegration } from 'astro';

/** Not needed offline: what only a real server answers, maps for crawlers, and pictures for other sites. */
const leftOut = /^(?:sw\.js|sitemap.*\.xml|screenshot\.png)$|\.(?:map|br|gz)$/;
/** Interfaces of the search that come with it; the site has its own. */
const unusedSearch = /^pagefind\/pagefind-(?:(?:component-|modular-)?ui|highlight)\./;

export interface CachedFile {
  /** Relative to the site's root; a folder's page is the folder. */
  readonly path: string;
  readonly bytes: number;
}

/** The address of a file, as the page asks for it. */
export function addressOf(file: string): string {
  return file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1');
}

export function isCached(file: string): boolean {
  return !leftOut.test(file) && !unusedSearch.test(file);
}

export function serviceWorker(): AstroIntegration {
  return {
    name: 'service-worker',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const entries = await readdir(root, { recursive: true, withFileTypes: true });
        const files = entries
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
          .filter(isCached)
          .sort();
        const hash = createHash('sha256');
        let bytes = 0;
        let packed = 0;
        for (const file of files) {
          const content = await readFile(join(root, file));
          hash.update(file).update(content);
          bytes += content.length;
          packed += gzipSync(content).length;
        }
        const template = await readFile(new URL('../src/service-worker.js', import.meta.url), 'utf8');
        const worker = template
          .replace("'%version%'", JSON.stringify(hash.digest('hex').slice(0, 16)))
          .replace("['%files%']", JSON.stringify(files.map(addressOf)));
        await writeFile(join(root, 'sw.js'), worker);
        logger.info(
          `keeps ${files.length} files, ${(packed / 1e6).toFixed(1)} MB packed, ${(bytes / 1e6).toFixed(1)} MB in use, for when there is no network`,
        );
      },
    },
  };
}
