// Static files of --web.site: types, caching, compressed siblings, and nothing outside the folder.
import assert from 'node:assert/strict';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { cleanup, temporaryFolder, writeFiles } from './lib/processes.mjs';
import { startPromenade } from './lib/servers.mjs';

const script = 'export const answer = 42;\n'.repeat(100);

describe('a site', () => {
  const suite = cleanup();
  after(suite.run);
  let server;

  // fetch() tidies paths up before it sends them; this doesn't.
  const raw = (path, { method = 'GET', headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      request({ port: server.port, host: '127.0.0.1', path, method, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: response.statusCode, headers: response.headers, body });
        });
      })
        .on('error', reject)
        .end();
    });

  before(async () => {
    const parent = await temporaryFolder(suite);
    const folder = join(parent, 'site');
    await mkdir(join(folder, 'lesson'), { recursive: true });
    await mkdir(join(folder, '_astro'));
    await mkdir(join(folder, '.git'));
    await mkdir(join(folder, 'empty'));
    await writeFiles(parent, { 'secret.txt': 'secret' });
    await writeFiles(folder, {
      'index.html': '<h1>Home</h1>',
      '404.html': '<h1>Lost</h1>',
      'lesson/index.html': '<h1>Lesson</h1>',
      'query.html': 'x',
      'engine.wasm': '\0asm',
      'module.mjs': script,
      'data.json': '{}',
      'icon.svg': '<svg/>',
      'old.js': script,
      '_astro/page.abc123.js': script,
      '.git/config': 'secret',
      'with space.txt': 'blank',
    });
    await writeFile(join(folder, 'module.mjs.br'), brotliCompressSync(script));
    await writeFile(join(folder, 'old.js.br'), 'left over');
    await utimes(join(folder, 'old.js.br'), 1, 1);
    await symlink(join(parent, 'secret.txt'), join(folder, 'link.txt'));
    await symlink(join(parent, 'secret.txt'), join(folder, 'icon.svg.br'));
    await symlink(parent, join(folder, 'up'));
    server = await startPromenade(suite, { flags: [`--web.site=${folder}`] });
  });

  const types = {
    '/': 'text/html; charset=utf-8',
    '/index.html': 'text/html; charset=utf-8',
    '/lesson/': 'text/html; charset=utf-8',
    '/engine.wasm': 'application/wasm',
    '/module.mjs': 'text/javascript; charset=utf-8',
    '/data.json': 'application/json',
    '/icon.svg': 'image/svg+xml',
    '/with%20space.txt': 'text/plain; charset=utf-8',
    '/lesson/index.html?x=1': 'text/html; charset=utf-8',
  };
  for (const [path, type] of Object.entries(types)) {
    test(`${path} is ${type}`, async () => {
      const { status, headers } = await raw(path);
      assert.equal(status, 200);
      assert.equal(headers['content-type'], type);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    });
  }

  const outside = [
    '/../secret.txt',
    '/lesson/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/lesson/%2e%2e/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '//../secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/.git/config',
    '/%2egit/config',
    '/index.html%00.txt',
    '/nothing',
    '/empty/',
  ];
  for (const path of outside) {
    test(`${path} is not found`, async () => {
      const { status, body } = await raw(path);
      assert.equal(status, 404);
      assert.equal(body.toString(), '<h1>Lost</h1>');
    });
  }

  test('a folder without its slash is redirected, and never to another host', async () => {
    const { status, headers } = await raw('/lesson?x=1');
    assert.equal(status, 301);
    assert.equal(headers.location, '/lesson/?x=1');
    assert.equal((await raw('//lesson')).headers.location, '/lesson/');
  });

  test('the links in alerts lead to the expression browser', async () => {
    const { status, headers } = await raw('/graph?g0.expr=up&g0.tab=1');
    assert.equal(status, 302);
    assert.equal(headers.location, '/query?g0.expr=up&g0.tab=1');
  });

  test('the API is not hidden by the site', async () => {
    assert.equal((await server.api('query', { query: '1' })).status, 'success');
    assert.equal((await server.get('/-/healthy')).status, 200);
    assert.match((await server.get('/metrics')).text, /^# HELP/m);
  });

  test('an unchanged file is not sent again', async () => {
    const first = await raw('/data.json');
    const again = await raw('/data.json', { headers: { 'If-None-Match': first.headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers['content-length'], undefined);
    const other = await raw('/data.json', { headers: { 'If-None-Match': '"x"' } });
    assert.equal(other.status, 200);
  });

  test('hashed files are kept for good, others are asked for', async () => {
    const hashed = await raw('/_astro/page.abc123.js');
    assert.equal(hashed.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await raw('/')).headers['cache-control'], 'no-cache');
  });

  test('a compressed sibling is sent to those who accept it', async () => {
    const accepting = (coding) => raw('/module.mjs', { headers: { 'Accept-Encoding': coding } });
    const brotli = await accepting('gzip, br');
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.equal(brotli.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.deepEqual(brotli.body, brotliCompressSync(script));
    assert.equal((await accepting('gzip')).headers['content-encoding'], 'gzip');
    assert.equal((await accepting('br;q=0')).headers['content-encoding'], undefined);
    assert.equal((await accepting('')).body.toString(), script);
  });

  test('a compressed sibling that is a link out of the site is not sent', async () => {
    const { headers, body } = await raw('/icon.svg', { headers: { 'Accept-Encoding': 'br' } });
    assert.equal(headers['content-encoding'], undefined);
    assert.equal(body.toString(), '<svg/>');
  });

  test('a compressed sibling older than its file is not used', async () => {
    const { headers } = await raw('/old.js', { headers: { 'Accept-Encoding': 'br' } });
    assert.equal(headers['content-encoding'], undefined);
  });

  test('HEAD has the headers and no body', async () => {
    const { status, headers, body } = await raw('/icon.svg', { method: 'HEAD' });
    assert.equal(status, 200);
    assert.equal(headers['content-length'], '6');
    assert.equal(body.length, 0);
    assert.equal((await raw('/icon.svg', { method: 'POST' })).status, 405);
  });
});

describe('no site', () => {
  test('the root leads to the expression browser, which says how to get it', async (t) => {
    const server = await startPromenade(t.after.bind(t));
    const root = await server.get('/');
    assert.equal(root.status, 302);
    assert.equal(root.headers.get('location'), '/query');
    const page = await server.get('/query');
    assert.equal(page.status, 404);
    assert.match(page.text, /--web\.site=DIR/);
  });
});
