/** What the shell's programs ask of a world besides its Prometheus: which processes there are, and what befell them. */
import type { World } from '../engine/types';
import { list, number, object, text } from '../prometheus/decode';
import { targets, type Target } from '../prometheus/api';
import { ProgramError } from './program';

/** A simulated process, as service discovery knows it. */
export interface Process {
  /** Its host name: `checkout-1`. */
  readonly name: string;
  readonly port: number;
  readonly job: string;
  readonly target: Target;
  /** What keeps it from answering at this moment, if anything does. */
  readonly trouble: Trouble | undefined;
}

export type Trouble = 'refused' | 'silent';

/** Chaos that a caller notices: connections are refused, or nobody answers (engine/sim/world_control.h). */
const troubles: Readonly<Record<string, Trouble>> = {
  kill: 'refused',
  restart: 'refused',
  remove: 'refused',
  unreachable: 'refused',
  pause: 'silent',
  drop_link: 'silent',
  partition: 'silent',
};

interface Event {
  readonly id: number;
  readonly kind: string;
  readonly active: boolean;
  readonly targets: readonly string[];
}

export async function processes(world: World): Promise<Process[]> {
  const [found, events] = await Promise.all([targets(world), timeline(world)]);
  if (!found.ok) throw new ProgramError(found.problem.message);
  return found.data
    .map((target) => {
      const { hostname, port } = new URL(target.url);
      const event = events.find(
        (each) => each.active && each.kind in troubles && befalls(each, hostname, port),
      );
      return {
        name: hostname,
        port: Number(port) || 80,
        job: target.labels['job'] ?? target.pool,
        target,
        trouble: event && troubles[event.kind],
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const befalls = ({ targets: names }: Event, host: string, port: string) =>
  names.includes(`${host}:${port}`) || names.includes(host);

export async function processNamed(world: World, name: string, refusal: string): Promise<Process> {
  const found = (await processes(world)).find((each) => each.name === name);
  if (!found) throw new ProgramError(refusal);
  return found;
}

export async function timeline(world: World): Promise<Event[]> {
  const response = await world.askHost('http://world/timeline');
  return list(object(JSON.parse(response.body))['events']).map((value) => {
    const event = object(value);
    return {
      id: number(event['id']),
      kind: text(event['kind']),
      active: event['active'] === true,
      targets: list(event['targets']).map(text),
    };
  });
}

/** Does something to a process, as a chaos drill would. */
export async function cause(
  world: World,
  kind: string,
  { name, port }: Process,
  seconds: number,
): Promise<void> {
  const parameters = new URLSearchParams({ kind, target: `${name}:${port}`, for: `${seconds}s` });
  await command(world, parameters);
}

/** Ends what was done to a process with `cause`. */
export async function revert(
  world: World,
  { name, port }: Process,
  kinds: readonly string[],
): Promise<boolean> {
  const events = (await timeline(world)).filter(
    (each) => each.active && kinds.includes(each.kind) && befalls(each, name, String(port)),
  );
  for (const { id } of events) await command(world, new URLSearchParams({ revert: String(id) }));
  return events.length > 0;
}

async function command(world: World, parameters: URLSearchParams): Promise<void> {
  const response = await world.askHost(`http://world/chaos?${parameters.toString()}`, { method: 'POST' });
  if (response.status !== 200) throw new ProgramError(response.body.trim());
}
