/**
 * Gives every page a strict Content-Security-Policy. The few scripts that Starlight has to run before
 * the first paint (theme, search shortcut, sidebar state) are allowed by the hash of their text, so no
 * other inline script can run.
 *
 * Styles need 'unsafe-inline': CodeMirror adds its style sheet as an element, and Starlight sets custom
 * properties in style attributes.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { AstroIntegration } from 'astro';

const inlineScript = /<script(?![^>]*\ssrc=)(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/g;
const eventHandler = /<[a-z][^>]*\son[a-z]+=/i;
const dataBlock = /type="(?:application\/(?:ld\+)?json|speculationrules)"/;

/** The page with its policy as the first element of its head. Throws on an inline event handler. */
export function withPolicy(html: string, name: string): string {
  const handler = eventHandler.exec(html.replaceAll(inlineScript, ''));
  if (handler) {
    throw new Error(
      `${name}: ${handler[0]}…: the policy blocks event handler attributes; use addEventListener.`,
    );
  }
  const hashes = new Set<string>();
  for (const { groups } of html.matchAll(inlineScript)) {
    if (dataBlock.test(groups?.['attributes'] ?? '')) continue;
    const digest = createHash('sha256')
      .update(groups?.['text'] ?? '')
      .digest('base64');
    hashes.add(`'sha256-${digest}'`);
  }
  const policy = [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
  return html.replace(/<head>/, `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

export function contentSecurityPolicy(): AstroIntegration {
  return {
    name: 'content-security-policy',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const pages = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.html'));
        for (const page of pages) {
          const path = join(root, page);
          await writeFile(path, withPolicy(await readFile(path, 'utf8'), page));
        }
        logger.info(`wrote the policy of ${pages.length} pages`);
      },
    },
  };
}
