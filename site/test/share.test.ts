import { describe, expect, test } from 'vitest';

import { fragmentCharactersMax, inflatedBytesMax, readFragment, writeFragment } from '../src/elements/share';

const state = {
  world: 'web-shop',
  seed: 7,
  query: 'sum by (job) (rate(http_requests_total{path="/é"}[5m]))',
  time: 1_767_232_800,
  tab: 'explain',
  range: '2h',
} as const;

async function deflated(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return `#s1.${Buffer.from(bytes).toString('base64url')}`;
}

test('a state comes back as it was', async () => {
  const fragment = await writeFragment(state);
  expect(fragment).toMatch(/^#s1\.[\w-]+$/);
  expect(fragment.length).toBeLessThan(200);
  expect(await readFragment(fragment)).toEqual(state);
});

test('a state without time, tab and range is one, too', async () => {
  const { world, seed, query } = state;
  expect(await readFragment(await writeFragment({ world, seed, query }))).toEqual({ world, seed, query });
});

test('a query too long for a link is refused when it is written', async () => {
  await expect(writeFragment({ ...state, query: ' '.repeat(inflatedBytesMax) })).rejects.toThrow('too long');
});

describe('what anybody could have written is no state', () => {
  test.each([
    ['nothing', ''],
    ['another fragment', '#exercise-3.1-E1'],
    ['no base64', '#s1.***'],
    ['no deflate', '#s1.AAAA'],
    ['too long', `#s1.${'A'.repeat(fragmentCharactersMax)}`],
  ])('%s', async (_, fragment) => {
    expect(await readFragment(fragment)).toBeUndefined();
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no query', '{"w":"web-shop","s":1}'],
    ['a world that is an address', '{"w":"//evil.example","s":1,"q":"up"}'],
    ['a seed that is a text', '{"w":"web-shop","s":"1","q":"up"}'],
    ['a negative seed', '{"w":"web-shop","s":-1,"q":"up"}'],
  ])('%s', async (_, json) => {
    expect(await readFragment(await deflated(json))).toBeUndefined();
  });

  test('what inflates without end is given up', async () => {
    const bomb = await deflated(`{"w":"web-shop","s":1,"q":"${' '.repeat(inflatedBytesMax * 40)}"}`);
    expect(bomb.length).toBeLessThan(fragmentCharactersMax);
    expect(await readFragment(bomb)).toBeUndefined();
  });

  test('a time outside the worlds, a tab and a range that are none are left out', async () => {
    const fragment = await deflated(
      '{"w":"web-shop","s":1,"q":"up","t":1e300,"v":"<b>","r":"9e9d","__proto__":{"x":1}}',
    );
    expect(await readFragment(fragment)).toEqual({ world: 'web-shop', seed: 1, query: 'up' });
  });

  test('any bytes at all', async () => {
    let seed = 12345;
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.alloc(round % 64);
      for (let i = 0; i < bytes.length; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        bytes[i] = seed >> 16;
      }
      expect(await readFragment(`#s1.${bytes.toString('base64url')}`)).toBeUndefined();
    }
  });
});
