// The commands that check files.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repository, runPromenade, temporaryFolder, writeFiles } from './lib/processes.mjs';

describe('check config', () => {
  test('accepts the configuration that comes with the program', async () => {
    const { code, output } = await runPromenade(
      'check', 'config', join(repository, 'native/prometheus.yml'),
    ); // prettier-ignore
    assert.equal(code, 0, output);
    assert.match(output, /SUCCESS: .*prometheus\.yml is valid prometheus config file syntax/);
  });

  test('names the place of every fault and goes on with the next file', async (t) => {
    const folder = await temporaryFolder(t.after.bind(t));
    await writeFiles(folder, {
      'bad.yml': 'global:\n  scrape_intervall: 1s\n',
      'good.yml': 'global: {}\n',
    });
    const files = ['bad.yml', 'missing.yml', 'good.yml'].map((name) => join(folder, name));
    const { code, output } = await runPromenade('check', 'config', ...files);
    assert.equal(code, 1);
    assert.match(output, /FAILED: .*bad\.yml:2:3: .*scrape_intervall/);
    assert.match(output, /FAILED: .*missing\.yml: no such file or directory/);
    assert.match(output, /SUCCESS: .*good\.yml/);
  });

  test('wants a file', async () => {
    const { code, output } = await runPromenade('check', 'config');
    assert.equal(code, 1);
    assert.match(output, /FILE/);
  });
});

describe('exercises check', () => {
  test('finds broken files, wrong names and strays', async (t) => {
    const folder = await temporaryFolder(t.after.bind(t));
    await mkdir(join(folder, 'module'));
    await writeFiles(join(folder, 'module'), {
      'README.md': 'text',
      'stray.txt': 'text',
      '1.1-E1.yaml': 'format_version: 1\nquestion: what?\n',
    });
    const { code, output } = await runPromenade('exercises', 'check', folder);
    assert.equal(code, 1);
    assert.match(output, /FAIL .*stray\.txt\n +this is not an exercise/);
    assert.match(output, /FAIL .*1\.1-E1\.yaml\n +.*1\.1-E1\.yaml:\d+:\d+: /);
    assert.match(output, /0 of 2 files are sound\./);
    assert.doesNotMatch(output, /(OK|FAIL) .*README/);
  });

  test('names a folder that is missing', async () => {
    const { code, output } = await runPromenade('exercises', 'check', '/nonexistent');
    assert.equal(code, 1);
    assert.match(output, /FAIL \/nonexistent: /);
  });
});
