/** Every command that the lessons' shells offer, run in order over the engine that the page has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { EngineModule } from '../src/engine/module';
import type { EngineRequest, Verdict, World } from '../src/engine/types';
import { Shell } from '../src/shell/shell';

const root = fileURLToPath(new URL('../..', import.meta.url));
const generated = join(root, 'site/src/engine/generated');

/** Those that are there to fail, with the status that they end with. */
const failing = new Map([
  ['promtool check rules typo.yml', 1],
  ['promtool check config named.yml', 1],
  ['cat style.txt | promtool check metrics', 3],
  ['cat broken.txt | promtool check metrics', 1],
  ['curl -s http://checkout-1/metrics', 7],
  ['curl -sS http://checkout-1/metrics', 7],
  // The shell cuts it at the spaces: curl takes the rest for more addresses.
  ['curl -s http://127.0.0.1:9090/api/v1/query?query=up == 0', 6],
]);

interface LessonShell {
  commands: string[];
  files: Record<string, string>;
  rules: boolean;
  alertmanager: string | undefined;
}

/** The shells of a lesson; their properties are JavaScript of ours. */
function shellsOf(text: string): LessonShell[] {
  return [...text.matchAll(/<Shell\n([^]*?)\n\/>/g)].map(([, inside = '']) => {
    const value = (name: string): unknown => {
      const at = inside.search(new RegExp(`^  ${name}=\\{`, 'm'));
      if (at < 0) return undefined;
      const rest = inside.slice(at).replace(/^[^{]*\{/, '');
      const end = /\n {2}\w+=|\n {2}\w+$|$(?![^])/.exec(rest)?.index ?? rest.length;
      const source = rest.slice(0, end).trimEnd().replace(/\}$/, '');
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
      return new Function(`return (${source});`)() as unknown;
    };
    return {
      commands: value('commands') as string[],
      files: (value('files') ?? {}) as Record<string, string>,
      rules: /^ {2}rules$/m.test(inside),
      alertmanager: value('alertmanager') as string | undefined,
    };
  });
}

const lessons = readdirSync(join(root, 'course'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .sort()
  .map((file) => ({ file, shells: shellsOf(readFileSync(join(root, 'course', file), 'utf8')) }))
  .filter(({ shells }) => shells.length > 0);

const read = (name: string) => new WebAssembly.Module(readFileSync(join(generated, name)));
const deferred = read('promenade.deferred.wasm');
const engine = await EngineModule.load(read('promenade.wasm'), () => deferred);
const rules = Object.fromEntries(
  ['http', 'operations'].map((name) => [
    `rules/${name}.yml`,
    readFileSync(join(root, `course/rules/${name}.yml`), 'utf8'),
  ]),
);

function open(workload: string, historySeconds: number, files: Readonly<Record<string, string>>): World {
  const { status, body } = engine.openWorld(workload, 1, historySeconds, files);
  if (status !== 200) throw new Error(body);
  const askHost = (url: string, { method = 'GET', body: sent = '' }: EngineRequest = {}) =>
    Promise.resolve(engine.ask(Number(body), method, url, sent));
  const clock = async (url: string, method?: 'POST') =>
    (JSON.parse((await askHost(url, method ? { method } : {})).body) as { now: number }).now;
  return {
    askHost,
    ask: (path, request) => askHost(`http://prometheus:9090${path}`, request),
    now: () => clock('http://world/clock'),
    advance: (seconds) => clock(`http://world/clock?advance=${seconds}`, 'POST'),
  };
}

function shellOf({ files, rules: hasRules, alertmanager }: LessonShell): Shell {
  const inEffect = {
    ...(hasRules && rules),
    ...(alertmanager !== undefined && { 'alertmanager.yml': alertmanager }),
  };
  // Ten minutes are past enough for every command here, and quickly lived through.
  const world = open('lesson-shop', 600, inEffect);
  return new Shell(
    {
      world: () => Promise.resolve(world),
      scratch: (given) => Promise.resolve().then(() => open('toy', 0, given)),
      grade: (exercise, answer) => {
        const { status, body } = engine.grade(exercise, answer);
        if (status !== 200) throw new Error(body);
        return Promise.resolve(JSON.parse(body) as Verdict);
      },
    },
    { ...rules, ...(alertmanager !== undefined && { 'alertmanager.yml': alertmanager }), ...files },
  );
}

test.each(lessons)(
  '$file: its commands do what they are there for',
  { timeout: 120_000 },
  async ({ shells }) => {
    for (const each of shells) {
      const shell = shellOf(each);
      for (const command of each.commands) {
        const { out, err, status } = await shell.run(command);
        console.log(`$ ${command}\n${`${out}${err}`.slice(0, 600)}`);
        expect(status, `${command}\n${err}`).toBe(failing.get(command) ?? 0);
        expect(err, command).not.toContain('not found');
      }
    }
  },
);

test('an alert goes from a stopped process to the inbox', { timeout: 120_000 }, async () => {
  const [each] = lessons.find(({ file }) => file.includes('01-lifecycle'))!.shells;
  const shell = shellOf(each!);
  const say = async (line: string) => (await shell.run(line)).out;
  await say('docker stop checkout-2');
  await say('sleep 3m');
  expect(
    await say(
      'curl -s http://prometheus:9090/api/v1/alerts | jq -r \'.data.alerts[] | select(.labels.instance == "checkout-2:8080") | .state\'',
    ),
  ).toBe('firing\n');
  expect(await say('amtool alert query instance=checkout-2:8080')).toMatch(/InstanceDown .*active/);
  expect(await say('amtool config routes test severity=critical')).toBe('pager\n');
  expect(await say('amtool config routes test severity=none')).toBe('everyone\n');
  expect(await say("curl -s http://inbox/notifications | jq -r '.notifications[-1].receiver'")).toBe(
    'pager\n',
  );
  const id = (await say("amtool silence add instance=checkout-2:8080 --comment 'for now'")).trim();
  expect(await say('amtool silence query')).toContain(id);
  expect(await say('amtool alert query instance=checkout-2:8080')).toMatch(/suppressed/);
  await say(`amtool silence expire ${id}`);
  expect(await say('amtool silence query')).not.toContain(id);
  expect((await shell.run('docker ps | grep checkout-2')).status).toBe(1);
  await say('docker start checkout-2; sleep 1m');
  expect((await shell.run('docker ps | grep checkout-2')).status).toBe(0);
});
