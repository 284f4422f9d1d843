// The configurations and rules that stand in the documents this course grew from load as they are; those
// that are wrong are refused with the reason.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runPromenade, temporaryFolder, writeFiles } from './lib/processes.mjs';

const folder = fileURLToPath(new URL('seeds', import.meta.url));

// File -> the beginning of what is said against it.
const wrong = {
  'config_optimized.yml':
    /:12:5: found the unknown key "retention.time" in storage.tsdb; write "retention:" and/,
  'config_postgres_exporter.yml': /:11:1: found the unknown key "queries" in the configuration/,
  'config_retention.yml':
    /:9:5: found the unknown key "retention.time" in storage.tsdb; write "retention:" and/,
  'config_shards_in_one_file.yml':
    /:22:1: not valid YAML: the key "global" stands twice in one mapping; keep one/,
  'kubernetes_prometheus_rule.yml': /:2:1: this is a Kubernetes object \(kind: PrometheusRule\)/,
  'rule_without_group.yml': /:1:1: found a list, expected "groups:"; rules stand in groups/,
};

describe('seed documents', () => {
  for (const name of readdirSync(folder)) {
    const isConfig = name.startsWith('config_');
    test(name, async (t) => {
      // Rule files that a configuration names are not part of the document.
      const place = await temporaryFolder(t.after.bind(t));
      const text = readFileSync(join(folder, name), 'utf8');
      const named = isConfig ? [...text.matchAll(/- ["']?([\w/]*rules\.yml)/g)].map(([, file]) => file) : [];
      const local = named.reduce(
        (all, file) => all.replaceAll(file, join(place, file.split('/').pop())),
        text,
      );
      await writeFiles(place, {
        [name]: local,
        ...Object.fromEntries(named.map((file) => [file.split('/').pop(), 'groups: []\n'])),
      });
      const { code, output } = await runPromenade('check', isConfig ? 'config' : 'rules', join(place, name));
      assert.equal(code, wrong[name] ? 1 : 0, output);
      if (wrong[name]) assert.match(output, wrong[name]);
      else
        assert.match(
          output,
          isConfig ? /is valid prometheus config file syntax/ : /SUCCESS: [1-9]\d* rules found/,
        );
    });
  }

  test('every file that is known to be wrong is there', () => {
    const files = readdirSync(folder);
    assert.deepEqual(
      Object.keys(wrong).filter((name) => !files.includes(name)),
      [],
    );
  });
});
