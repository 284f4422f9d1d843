/**
 * `curl` against the hosts of the world. It does to an address what the real one does, patterns included: braces and
 * brackets in an address are curl's own, which is why a query belongs into --data-urlencode.
 */
import type { EngineResponse, World } from '../engine/types';
import { done, ProgramError, type Outcome, type Program, type System } from './program';
import { processes } from './world-view';

interface Request {
  urls: string[];
  method?: string;
  data: string[];
  asQuery: boolean;
  silent: boolean;
  showError: boolean;
  fail: boolean;
  include: boolean;
  headOnly: boolean;
  globbing: boolean;
  output?: string;
  write?: string;
}

/** Short options with a value, and long ones; others are switches. */
const valued: Readonly<Record<string, string>> = {
  d: 'data',
  H: 'header',
  X: 'request',
  o: 'output',
  w: 'write-out',
  m: 'max-time',
  u: 'user',
  A: 'user-agent',
};
const valuedLong = new Set([
  ...Object.values(valued),
  'data-urlencode',
  'data-raw',
  'data-binary',
  'url',
  'json',
  'retry',
  'connect-timeout',
  'cacert',
]);
const switches: Readonly<Record<string, string>> = {
  s: 'silent',
  S: 'show-error',
  f: 'fail',
  i: 'include',
  I: 'head',
  G: 'get',
  g: 'globoff',
  L: 'location',
  k: 'insecure',
  v: 'verbose',
};
const ignored = new Set([
  'header',
  'location',
  'insecure',
  'max-time',
  'user',
  'user-agent',
  'compressed',
  'retry',
  'connect-timeout',
  'cacert',
  'verbose',
  'no-progress-meter',
]);

/** Where the machine's own addresses lead: the shell runs beside Prometheus. */
const local: Readonly<Record<string, string>> = {
  9090: 'prometheus:9090',
  9093: 'alertmanager:9093',
};

/** Where the world's notifications arrive; it listens at no port of its own. */
const inbox = 'inbox';

function readArguments(words: readonly string[], system: System): Request {
  const request: Request = {
    urls: [],
    data: [],
    asQuery: false,
    silent: false,
    showError: false,
    fail: false,
    include: false,
    headOnly: false,
    globbing: true,
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const take = (): string => {
      const value = words[++i];
      if (value === undefined) throw new ProgramError(`curl: option ${word}: requires parameter`, 2);
      return value;
    };
    if (word.startsWith('--')) {
      const name = word.slice(2);
      set(request, name, valuedLong.has(name) ? take() : '', system);
    } else if (word.startsWith('-') && word.length > 1) readShort(word.slice(1), take, request, system);
    else request.urls.push(word);
  }
  return request;
}

/** A cluster such as `-sSG`; an option with a value takes the rest of it, or the next word. */
function readShort(cluster: string, take: () => string, request: Request, system: System): void {
  for (let i = 0; i < cluster.length; i++) {
    const flag = cluster[i]!;
    const name = valued[flag];
    if (name !== undefined) {
      set(request, name, cluster.slice(i + 1) || take(), system);
      return;
    }
    set(request, switches[flag] ?? flag, '', system);
  }
}

function set(request: Request, name: string, value: string, system: System): void {
  switch (name) {
    case 'silent':
      request.silent = true;
      return;
    case 'show-error':
      request.showError = true;
      return;
    case 'fail':
      request.fail = true;
      return;
    case 'include':
      request.include = true;
      return;
    case 'head':
      request.headOnly = true;
      return;
    case 'get':
      request.asQuery = true;
      return;
    case 'globoff':
      request.globbing = false;
      return;
    case 'request':
      request.method = value;
      return;
    case 'output':
      request.output = value;
      return;
    case 'write-out':
      request.write = value;
      return;
    case 'url':
      request.urls.push(value);
      return;
    case 'data-urlencode':
      request.data.push(encoded(value));
      return;
    case 'json':
    case 'data':
    case 'data-raw':
    case 'data-binary':
      request.data.push(
        name !== 'data-raw' && value.startsWith('@') ? system.files.need(value.slice(1), 'curl') : value,
      );
      return;
    default:
      if (!ignored.has(name))
        throw new ProgramError(`curl: option ${name.length > 1 ? '--' : '-'}${name}: is unknown here`, 2);
  }
}

/** The value of --data-urlencode: the part before the first `=` is a name and stays as it is. */
function encoded(value: string): string {
  const [, name, content] = /^([^=@]*)=([^]*)$/.exec(value) ?? [];
  const text = encodeURIComponent(content ?? value).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return name ? `${name}=${text}` : text;
}

/**
 * The addresses that curl makes of one with `{a,b}` and `[1-3]`.
 *
 * @example expandAddress('http://a/{x,y}') // => ['http://a/x', 'http://a/y']
 */
export function expandAddress(address: string): string[] {
  const [, before, braces, brackets, after = ''] =
    /^([^{[]*)(?:\{([^}]*)\}|\[([^\]]*)\])([^]*)$/.exec(address) ?? [];
  if (before === undefined) {
    const stray = address.search(/[{[]/);
    if (stray >= 0)
      throw new ProgramError(`curl: (3) unmatched ${address[stray]!} in URL position ${stray + 1}`, 3);
    return [address];
  }
  const [, from, to] = /^(\d+)-(\d+)$/.exec(brackets ?? '') ?? [];
  if (
    brackets !== undefined &&
    (from === undefined || to === undefined || Number(to) < Number(from) || Number(to) - Number(from) > 999)
  ) {
    throw new ProgramError(
      `curl: (3) bad range specification in URL position ${before.length + 2}:\n${address}\n${' '.repeat(before.length + 1)}^`,
      3,
    );
  }
  const parts =
    braces?.split(',') ??
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => String(Number(from) + index));
  return parts.flatMap((part) => expandAddress(after).map((rest) => before + part + rest));
}

async function run(words: readonly string[], _input: string, system: System): Promise<Outcome> {
  const request = readArguments(words, system);
  if (request.urls.length === 0) throw new ProgramError('curl: (2) no URL specified', 2);
  const isQuiet = request.silent && !request.showError;
  let addresses: string[];
  try {
    addresses = request.urls.flatMap((url) => (request.globbing ? expandAddress(url) : [url]));
  } catch (error) {
    if (!(error instanceof ProgramError) || !isQuiet) throw error;
    return { ...done(''), status: error.status };
  }
  const world = await system.world();
  let out = '';
  let err = '';
  let status = 0;
  for (const address of addresses) {
    const outcome = await fetchOne(address, request, world);
    err += isQuiet ? '' : outcome.err;
    if (outcome.status !== 0) status = outcome.status;
    if (request.output !== undefined && request.output !== '/dev/null')
      system.files.write(request.output, outcome.out);
    out += (request.output === undefined ? outcome.out : '') + writeOut(request.write, outcome.code);
  }
  return { ...done(out), err, status };
}

const writeOut = (format: string | undefined, code: number): string =>
  format?.replaceAll('%{http_code}', String(code).padStart(3, '0')).replaceAll(String.raw`\n`, '\n') ?? '';

type Fetched = Outcome & { code: number };

const refused = (code: number, message: string): Fetched => ({
  out: '',
  err: `curl: (${code}) ${message}\n`,
  status: code,
  code: 0,
});

async function fetchOne(address: string, request: Request, world: World): Promise<Fetched> {
  if (/\s/.test(address)) return refused(3, 'URL using bad/illegal format or missing URL');
  const withScheme = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  const [, scheme, authority, path = ''] = /^([a-z]+):\/\/([^/?#]*)([^#]*)/i.exec(withScheme) ?? [];
  if (scheme === undefined || authority === undefined || authority === '') {
    return refused(3, 'URL using bad/illegal format or missing URL');
  }
  if (!/^https?$/i.test(scheme))
    return refused(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
  const [host = '', port = /^https$/i.test(scheme) ? '443' : '80'] = authority.split(':');
  const isLocal = /^(?:localhost|127\.0\.0\.1)$/.test(host);
  const place = isLocal
    ? (local[port] ?? `${host}:${port}`)
    : authority === inbox
      ? inbox
      : `${host}:${port}`;
  const unreachable = await whyNot(place, isLocal, world);
  if (unreachable) return unreachable;
  if (/^https$/i.test(scheme)) {
    return refused(35, 'error:0A00010B:SSL routines::wrong version number: this port speaks http');
  }
  const response = await world.askHost(`http://${place}${pathOf(path, request)}`, {
    method: methodOf(request),
    ...(request.data.length > 0 && !request.asQuery && { body: request.data.join('&') }),
  });
  return toOutcome(response, request);
}

const methodOf = ({ method, data, asQuery }: Request): 'GET' | 'POST' | 'DELETE' => {
  const wanted = method ?? (data.length > 0 && !asQuery ? 'POST' : 'GET');
  if (wanted === 'HEAD') return 'GET';
  if (wanted !== 'GET' && wanted !== 'POST' && wanted !== 'DELETE') {
    throw new ProgramError(`curl: this shell sends GET, POST and DELETE, not ${wanted}`, 2);
  }
  return wanted;
};

function pathOf(path: string, { data, asQuery }: Request): string {
  const start = path.startsWith('/') ? path : `/${path}`;
  if (!asQuery || data.length === 0) return start;
  return `${start}${start.includes('?') ? '&' : '?'}${data.join('&')}`;
}

/** What keeps a connection from being made. */
async function whyNot(place: string, isLocal: boolean, world: World): Promise<Fetched | undefined> {
  const [host = '', port = ''] = place.split(':');
  const noListener = refused(
    7,
    `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`,
  );
  const known = (await processes(world)).filter(({ name }) => name === host);
  const [here] = known.filter((each) => String(each.port) === port);
  if (here?.trouble === 'refused') return noListener;
  if (here?.trouble === 'silent') return refused(28, `Connection timed out after 30000 milliseconds`);
  if (here) return undefined;
  if (known.length > 0 || isLocal) {
    return isLocal && Object.values(local).includes(place) && (await exists(place, world))
      ? undefined
      : noListener;
  }
  return (await exists(place, world)) ? undefined : refused(6, `Could not resolve host: ${host}`);
}

async function exists(place: string, world: World): Promise<boolean> {
  const { status, body } = await world.askHost(`http://${place}/`);
  return !(status === 502 && body.startsWith('no such host'));
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Entity',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function toOutcome({ status, body }: EngineResponse, request: Request): Fetched {
  if (request.fail && status >= 400) {
    return {
      out: '',
      err: `curl: (22) The requested URL returned error: ${status}\n`,
      status: 22,
      code: status,
    };
  }
  const head = `HTTP/1.1 ${status} ${reasons[status] ?? ''}`.trimEnd() + '\n\n';
  const shown = request.headOnly || request.method === 'HEAD' ? head : request.include ? head + body : body;
  return { out: shown, err: '', status: 0, code: status };
}

const endpoints = [
  'query',
  'query_range',
  'targets',
  'rules',
  'alerts',
  'series',
  'labels',
  'label/job/values',
  'metadata',
  'alertmanagers',
  'status/config',
  'status/flags',
  'status/tsdb',
];

export const curl: Program = {
  about: "asks an address: curl -s 'http://prometheus:9090/api/v1/query?query=up'",
  run,
  complete: async (words, system) => {
    const word = words.at(-1) ?? '';
    if (!word.startsWith('h')) return ['--data-urlencode', '-sG', '-sS', '-i'];
    const found = await processes(await system.world());
    return [
      ...endpoints.map((name) => `http://prometheus:9090/api/v1/${name}`),
      'http://prometheus:9090/-/ready',
      'http://prometheus:9090/metrics',
      ...found.map(({ target }) => target.url),
    ];
  },
};
