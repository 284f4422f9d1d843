/**
 * How long a learner waits for a verdict: every exercise's starter, reference and known mistakes, judged by
 * the page's own engine in a worker, after the hidden worlds were opened as a page does it while the
 * learner reads. And how small the counterexamples are that come with the verdicts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { expect, test } from './fixtures';

test.use({ trace: 'off' });
test.setTimeout(300_000);

/** The bar, on two idle cores. A machine that does other things as well may take twice as long before this fails. */
const verdictMsBar = 150;
const root = join(import.meta.dirname, '../../exercises');

interface ExerciseFile {
  starter?: string;
  reference?: string;
  misconceptions?: { query?: string; answer?: string }[];
}

interface Judged {
  id: string;
  ms: number;
  outcome: string;
  counterexample?: { series: number; samples: number };
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

const exercises = files.sort().map((name) => {
  const source = readFileSync(join(root, name), 'utf8');
  const { starter, reference, misconceptions } = parse(source) as ExerciseFile;
  const mistakes = (misconceptions ?? []).map(({ query, answer }) => query ?? answer);
  const answers = [starter, reference, ...mistakes].filter((answer) => answer !== undefined);
  return { id: name, source, answers };
});

const rank = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;

test('a verdict comes while one still looks, 95 times of 100', async ({ page }) => {
  const started = page.waitForEvent('worker');
  await page.goto('/');
  const workerUrl = (await started).url();
  const judged = await page.evaluate(
    async ({ workerUrl, exercises }) => {
      const worker = new Worker(workerUrl, { type: 'module' });
      let lastId = 0;
      const grade = (exerciseYaml: string, answer: string): Promise<string> =>
        new Promise((resolve, reject) => {
          const id = ++lastId;
          const listen = (event: MessageEvent<{ id: number; body?: string; failure?: string }>) => {
            if (event.data.id !== id || 'isFetching' in event.data) return;
            worker.removeEventListener('message', listen);
            if (event.data.body === undefined) reject(new Error(event.data.failure));
            else resolve(event.data.body);
          };
          worker.addEventListener('message', listen);
          worker.postMessage({ id, kind: 'grade', exerciseYaml, answer });
        });
      const results: Judged[] = [];
      for (const { id, source, answers } of exercises) {
        await grade(source, '');
        for (const answer of answers) {
          const since = performance.now();
          const verdict = JSON.parse(await grade(source, answer)) as {
            outcome: string;
            counterexample?: { series: { samples: unknown[] }[] };
          };
          const ms = performance.now() - since;
          const example = verdict.counterexample;
          results.push({
            id,
            ms,
            outcome: verdict.outcome,
            ...(example && {
              counterexample: {
                series: example.series.length,
                samples: example.series.reduce((sum, { samples }) => sum + samples.length, 0),
              },
            }),
          });
        }
      }
      worker.terminate();
      return results;
    },
    { workerUrl, exercises },
  );
  const times = judged.map(({ ms }) => ms).sort((a, b) => a - b);
  const examples = judged.flatMap(({ counterexample }) => counterexample ?? []);
  const seriesCounts = examples.map(({ series }) => series).sort((a, b) => a - b);
  const sampleCounts = examples.map(({ samples }) => samples).sort((a, b) => a - b);
  const slowest = judged.reduce((a, b) => (b.ms > a.ms ? b : a));
  console.log(
    `${judged.length} verdicts: median ${rank(times, 0.5).toFixed(0)} ms, 95 % within ${rank(times, 0.95).toFixed(0)} ms (bar ${verdictMsBar}), ` +
      `slowest ${slowest.ms.toFixed(0)} ms (${slowest.id}); ${examples.length} counterexamples, median ` +
      `${rank(seriesCounts, 0.5)} series with ${rank(sampleCounts, 0.5)} samples`,
  );
  expect(judged.length).toBeGreaterThan(100);
  expect(rank(times, 0.95)).toBeLessThanOrEqual(2 * verdictMsBar);
  expect(rank(seriesCounts, 0.5)).toBeLessThanOrEqual(3);
  expect(rank(sampleCounts, 0.5)).toBeLessThanOrEqual(10);
});
