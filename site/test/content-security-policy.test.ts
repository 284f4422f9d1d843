import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { withPolicy } from '../integrations/content-security-policy';

const page = (body: string) =>
  `<!doctype html><html><head><title>x</title></head><body>${body}</body></html>`;
const policyOf = (html: string) => /content="([^"]*)"/.exec(html)?.[1] ?? '';

describe('withPolicy', () => {
  test('comes first in the head', () => {
    expect(withPolicy(page(''), 'x')).toContain('<head><meta http-equiv="Content-Security-Policy"');
  });

  test('allows an inline script by the hash of its text', () => {
    const script = 'document.title = "a";\n';
    const digest = createHash('sha256').update(script).digest('base64');
    expect(policyOf(withPolicy(page(`<script>${script}</script>`), 'x'))).toContain(`'sha256-${digest}'`);
  });

  test('a script of its own file and a block of data need no hash', () => {
    const body = '<script type="module" src="/a.js"></script><script type="application/json">{}</script>';
    expect(policyOf(withPolicy(page(body), 'x'))).not.toContain('sha256');
  });

  test('never allows scripts by unsafe-inline or eval', () => {
    const policy = policyOf(withPolicy(page(''), 'x'));
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toContain("'unsafe-eval'");
  });

  test('refuses an event handler attribute', () => {
    expect(() => withPolicy(page('<button onclick="go()">Go</button>'), 'a.html')).toThrow('a.html');
  });
});
