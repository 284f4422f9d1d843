import { expect, test, vi } from 'vitest';

// The element registers itself; only its rule for what is a query is of interest here.
vi.stubGlobal('HTMLElement', Object);
vi.stubGlobal('customElements', { define: () => undefined });
const { isQuery } = await import('../src/elements/lab');

test.each([
  'rate(http_requests_total[5m])',
  'sum by (job) (rate(http_requests_total[5m]))',
  '{status="500"}',
  'http_requests_total{path=~"a)b"}',
  'time()',
])('%s is a query', (code) => expect(isQuery(code)).toBe(true));

test.each(['job', '[5m]', 'sum by (job) (…)', 'rate()', 'offset 1h', 'a{b', '=~', '(]'])(
  '%s is none',
  (code) => expect(isQuery(code)).toBe(false),
);
