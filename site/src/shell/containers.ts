/**
 * Programs that start, stop and list processes, as three worlds of operation call them: docker, systemctl and kubectl.
 * The processes are the simulated ones; stopping one is a deed of the world like any other, and takes its time.
 */
import { instantQuery } from '../prometheus/api';
import type { World } from '../engine/types';
import {
  done,
  failed,
  fromLines,
  ProgramError,
  readOptions,
  table,
  type Outcome,
  type Program,
  type Programs,
  type System,
} from './program';
import { cause, processes, processNamed, revert, type Process } from './world-view';

/** Longer than a lesson's world lives: until somebody starts it again. */
const stoppedSeconds = 24 * 3600;
const restartSeconds = 10;

/** Seconds since each process began, by instance. */
async function ages(world: World): Promise<Map<string, number>> {
  const answer = await instantQuery(world, 'time() - process_start_time_seconds', await world.now());
  const series = answer.ok && 'series' in answer.data ? answer.data.series : [];
  return new Map(
    series.map(({ labels, samples }) => [labels['instance'] ?? '', Number(samples[0]?.value ?? 0)]),
  );
}

const ageOf = (all: Map<string, number>, { name, port }: Process) => all.get(`${name}:${port}`);

/** @example words(7300) // => '2 hours' */
function ageWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'some time';
  const steps = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, size] = steps.find(([, each]) => seconds >= each) ?? (['second', 1] as const);
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function ageShort(seconds: number | undefined): string {
  if (seconds === undefined) return '?';
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)}d`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds)}s`;
}

async function stop(name: string, refusal: string, world: World): Promise<void> {
  const process = await processNamed(world, name, refusal);
  if (process.trouble !== 'refused') await cause(world, 'kill', process, stoppedSeconds);
}

async function start(name: string, refusal: string, world: World): Promise<void> {
  await revert(world, await processNamed(world, name, refusal), ['kill']);
}

async function restart(name: string, refusal: string, world: World): Promise<void> {
  const process = await processNamed(world, name, refusal);
  await revert(world, process, ['kill']);
  await cause(world, 'restart', process, restartSeconds);
}

const acts: Readonly<Record<string, (name: string, refusal: string, world: World) => Promise<void>>> = {
  stop,
  start,
  restart,
  kill: stop,
};

/** Does one thing to each name, and gives the names back, as docker does. */
async function actOnAll(
  act: string,
  names: readonly string[],
  world: World,
  refusal: (name: string) => string,
): Promise<Outcome> {
  if (names.length === 0)
    throw new ProgramError(`${act}: name at least one; the list of all shows which there are`);
  for (const name of names) await acts[act]!(name, refusal(name), world);
  return done(fromLines(names));
}

const isRunning = ({ trouble }: Process) => trouble !== 'refused';

async function dockerList(all: boolean, world: World): Promise<Outcome> {
  const [found, since] = [await processes(world), await ages(world)];
  const rows = found
    .filter((process) => all || isRunning(process))
    .map((process) => [
      process.name,
      `promenade/${process.job}`,
      isRunning(process)
        ? `Up ${ageWords(ageOf(since, process))}${process.target.health === 'up' ? '' : ` (last scrape: ${process.target.health})`}`
        : 'Exited',
      `${process.port}/tcp`,
    ]);
  return done(table([['NAMES', 'IMAGE', 'STATUS', 'PORTS'], ...rows]));
}

/** The simulated processes write no logs; Prometheus's is what it says of its targets. */
async function logs(name: string, refusal: string, world: World): Promise<Outcome> {
  const process = await processNamed(world, name, refusal);
  if (process.job !== 'prometheus') {
    return failed(`${name} is simulated and writes no log. What it measures is at ${process.target.url}`, 0);
  }
  const lines = (await processes(world))
    .filter(({ target }) => target.lastError !== '')
    .map(
      ({ job, target }) =>
        `ts=${target.lastScrape} level=debug component="scrape manager" scrape_pool=${job} target=${target.url} msg="Scrape failed" err=${JSON.stringify(target.lastError)}`,
    );
  return done(fromLines(lines));
}

async function docker(words: readonly string[], input: string, system: System): Promise<Outcome> {
  const compose = words[0] === 'compose';
  const { options, rest } = readOptions(compose ? words.slice(1) : words, ['--tail', '-n', '-f', '--file']);
  const [what = '', ...names] = rest[0] === 'container' ? rest.slice(1) : rest;
  const refusal = (name: string) =>
    compose ? `no such service: ${name}` : `Error response from daemon: No such container: ${name}`;
  switch (what) {
    case 'ps':
    case 'ls':
      return dockerList(options.has('-a') || options.has('--all'), await system.world());
    case 'stop':
    case 'start':
    case 'restart':
    case 'kill':
      return actOnAll(what, names, await system.world(), refusal);
    case 'logs':
      if (names[0] === undefined)
        throw new ProgramError('docker logs: name a container; docker ps lists them');
      return logs(names[0], refusal(names[0]), await system.world());
    case 'exec':
      await processNamed(await system.world(), names[0] ?? '', refusal(names[0] ?? ''));
      return system.run(words.slice(words.indexOf(names[0]!) + 1), input);
    default:
      throw new ProgramError(
        `docker: ${what === '' ? 'say what' : `"${what}" is not here`}; there are ps, logs, stop, start, restart and exec, and the same after docker compose`,
      );
  }
}

/** Units are processes, prometheus-1.service or prometheus-1. */
async function systemctl(words: readonly string[], system: System): Promise<Outcome> {
  const [what = '', ...units] = words.filter((word) => !word.startsWith('-'));
  const world = await system.world();
  const names = units.map((unit) => unit.replace(/\.service$/, ''));
  const refusal = (name: string) => `Unit ${name}.service could not be found.`;
  if (what === 'stop' || what === 'start' || what === 'restart') {
    await actOnAll(what, names, world, refusal);
    return done();
  }
  if (what === 'list-units') {
    const rows = (await processes(world)).map((each) => [
      `${each.name}.service`,
      'loaded',
      isRunning(each) ? 'active' : 'inactive',
      each.job,
    ]);
    return done(table([['UNIT', 'LOAD', 'ACTIVE', 'DESCRIPTION'], ...rows]));
  }
  if (what !== 'status' && what !== 'is-active') {
    throw new ProgramError('systemctl: there are status, is-active, start, stop, restart and list-units');
  }
  const process = await processNamed(world, names[0] ?? '', refusal(names[0] ?? ''));
  const active = isRunning(process);
  if (what === 'is-active')
    return { out: active ? 'active\n' : 'inactive\n', err: '', status: active ? 0 : 3 };
  const age = ageWords(ageOf(await ages(world), process));
  const lines = [
    `${process.name}.service - ${process.job}`,
    '     Loaded: loaded',
    active ? `     Active: active (running) for ${age}` : '     Active: inactive (dead)',
  ];
  return { out: fromLines(lines), err: '', status: active ? 0 : 3 };
}

async function kubectl(words: readonly string[], system: System): Promise<Outcome> {
  const { options, rest } = readOptions(words, ['-n', '--namespace', '-l', '--selector', '-o', '--output']);
  const [what = '', ...more] = rest;
  const world = await system.world();
  const refusal = (name: string) => `Error from server (NotFound): pods "${name}" not found`;
  const names = more.map((name) => name.replace(/^pods?\//, ''));
  if (what === 'get' && /^(?:pods?|po)$/.test(more[0] ?? '')) {
    const [, wanted] =
      /^(?:app|job)=(.*)$/.exec((options.get('-l') ?? options.get('--selector'))?.at(-1) ?? '') ?? [];
    return listPods(wanted, (options.get('-o') ?? options.get('--output'))?.at(-1) === 'wide', world);
  }
  if (what === 'logs' && names[0] !== undefined) return logs(names[0], refusal(names[0]), world);
  if (what === 'delete' && /^(?:pods?|po)$/.test(more[0] ?? '') && names.length > 1) {
    // What was deleted is started again by whoever keeps the number of pods.
    await actOnAll('restart', names.slice(1), world, refusal);
    return done(fromLines(names.slice(1).map((name) => `pod "${name}" deleted`)));
  }
  throw new ProgramError('kubectl: there are get pods [-l app=NAME] [-o wide], logs POD and delete pod POD');
}

async function listPods(job: string | undefined, wide: boolean, world: World): Promise<Outcome> {
  const since = await ages(world);
  const found = (await processes(world)).filter((each) => job === undefined || each.job === job);
  if (found.length === 0) return failed('No resources found in default namespace.', 0);
  const rows = found.map((each) => [
    each.name,
    isRunning(each) ? '1/1' : '0/1',
    isRunning(each) ? 'Running' : 'Terminated',
    ageShort(ageOf(since, each)),
    ...(wide ? [`${each.name}:${each.port}`] : []),
  ]);
  return done(table([['NAME', 'READY', 'STATUS', 'AGE', ...(wide ? ['ADDRESS'] : [])], ...rows]));
}

const names = async (system: System) => (await processes(await system.world())).map(({ name }) => name);

const dockerProgram: Program = {
  about: 'lists and restarts processes: docker ps, docker restart checkout-1, docker compose ps',
  run: docker,
  complete: async (words, system) =>
    words.length <= 1 ? ['ps', 'logs', 'stop', 'start', 'restart', 'exec', 'compose'] : names(system),
};

export const containers: Programs = {
  docker: dockerProgram,
  'docker-compose': {
    ...dockerProgram,
    about: 'the old spelling of docker compose',
    run: (words, input, system) => docker(['compose', ...words], input, system),
  },
  systemctl: {
    about: 'the same as units: systemctl status prometheus',
    run: (words, _input, system) => systemctl(words, system),
    complete: async (words, system) =>
      words.length <= 1 ? ['status', 'is-active', 'start', 'stop', 'restart', 'list-units'] : names(system),
  },
  kubectl: {
    about: 'the same as pods: kubectl get pods, kubectl delete pod checkout-1',
    run: (words, _input, system) => kubectl(words, system),
    complete: async (words, system) =>
      words.length <= 1 ? ['get', 'logs', 'delete'] : ['pods', 'pod', ...(await names(system))],
  },
};
