/**
 * The whole state of a sandbox in the fragment of an address: `#s1.` and base64url of deflated JSON. The
 * fragment is never sent to a server. What comes in may come from anybody: it is bounded before it is
 * inflated, while it is, and after; each field is checked, and anything else means "no state".
 */
export interface SharedState {
  readonly world: string;
  readonly seed: number;
  readonly query: string;
  /** The instant that was looked at, in seconds; missing for "now" in a fresh world. */
  readonly time?: number;
  readonly tab?: 'table' | 'graph' | 'explain';
  readonly range?: string;
}

const prefix = '#s1.';
const tooLong = 'This query is too long for a link.';
/** Longer addresses get cut by mail programs and chats. */
export const fragmentCharactersMax = 16 * 1024;
export const inflatedBytesMax = 64 * 1024;
/** The worlds begin on 2026-01-01 and are not let run longer than this from a link. */
const timeMin = 1_767_225_600;
const timeMax = timeMin + 7 * 86_400;

/** Rejects when the state is too large for an address. */
export async function writeFragment(state: SharedState): Promise<string> {
  const json = JSON.stringify({
    w: state.world,
    s: state.seed,
    q: state.query,
    t: state.time,
    v: state.tab,
    r: state.range,
  });
  const plain = new TextEncoder().encode(json);
  if (plain.length > inflatedBytesMax) throw new RangeError(tooLong);
  const bytes = await through(plain, new CompressionStream('deflate-raw'), inflatedBytesMax);
  const fragment = prefix + toBase64Url(bytes);
  if (fragment.length > fragmentCharactersMax) throw new RangeError(tooLong);
  return fragment;
}

/** The state in a fragment; undefined for anything that writeFragment would not have written. */
export async function readFragment(fragment: string): Promise<SharedState | undefined> {
  if (!fragment.startsWith(prefix) || fragment.length > fragmentCharactersMax) return undefined;
  try {
    const bytes = fromBase64Url(fragment.slice(prefix.length));
    const json = await through(bytes, new DecompressionStream('deflate-raw'), inflatedBytesMax);
    return check(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch {
    return undefined;
  }
}

function check(value: unknown): SharedState | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { w, s, q, t, v, r } = value as Record<string, unknown>;
  const world = typeof w === 'string' && /^[a-z0-9][a-z0-9-]{0,39}$/.test(w) ? w : undefined;
  const seed = typeof s === 'number' && Number.isInteger(s) && s >= 0 && s < 2 ** 31 ? s : undefined;
  if (world === undefined || seed === undefined || typeof q !== 'string') return undefined;
  const hasTime = typeof t === 'number' && t >= timeMin && t <= timeMax;
  const hasTab = v === 'table' || v === 'graph' || v === 'explain';
  return {
    world,
    seed,
    query: q,
    ...(hasTime && { time: t }),
    ...(hasTab && { tab: v }),
    ...(typeof r === 'string' && /^\d{1,4}[smhd]$/.test(r) && { range: r }),
  };
}

/** All bytes of a stream's output. Rejects when they are more than `bytesMax`, before they are held. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > bytesMax) {
      await reader.cancel();
      throw new RangeError('The state is larger than any that is written.');
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Throws when the text is no base64url. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
