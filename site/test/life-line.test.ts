import { expect, test } from 'vitest';

import { lifeLines, spansOf } from '../src/alerts/life-line';
import type { Notification } from '../src/prometheus/status-api';

test('points that follow each other are one span', () => {
  expect(spansOf([0, 15, 30, 90, 105], 15)).toEqual([
    { start: 0, end: 45 },
    { start: 90, end: 120 },
  ]);
  expect(spansOf([], 15)).toEqual([]);
});

test('a line goes from pending to the message that it is over', () => {
  const labels = { alertname: 'Down', instance: 'a' };
  const series = (alertstate: string, times: number[]) => ({
    labels: { __name__: 'ALERTS', alertstate, ...labels },
    samples: times.map((time) => ({ time, value: '1' })),
  });
  const message = (time: number, status: string): Notification => ({
    time,
    receiver: 'pager',
    integration: 'webhook[0]',
    status,
    reason: status === 'firing' ? 'first notification' : '',
    subject: '',
    text: '',
    alerts: [
      { labels: { alertname: 'Down', instance: 'b' }, status: 'firing' },
      { labels, status },
    ],
  });
  const [line, ...others] = lifeLines(
    [series('pending', [15, 30, 45]), series('firing', [60, 75, 90, 105])],
    15,
    300,
    [message(90, 'firing'), message(150, 'resolved')],
  );
  expect(others).toEqual([]);
  expect(line!.name).toBe('{alertname="Down", instance="a"}');
  expect(line!.waiting).toEqual([{ start: 60, end: 90 }]);
  expect(line!.events.map(({ time, deed, detail }) => [time, deed, detail])).toEqual([
    [15, 'pending', ''],
    [60, 'firing', ''],
    [90, 'notified', 'pager (first notification)'],
    [120, 'ended', ''],
    [150, 'resolved', 'pager (webhook[0])'],
  ]);
});

test('what holds until now has not ended, and a group that nobody was told of still waits', () => {
  const [line] = lifeLines(
    [
      {
        labels: { __name__: 'ALERTS', alertname: 'X', alertstate: 'firing' },
        samples: [
          { time: 285, value: '1' },
          { time: 300, value: '1' },
        ],
      },
    ],
    15,
    300,
    [],
  );
  expect(line!.events.map(({ deed }) => deed)).toEqual(['firing']);
  expect(line!.waiting).toEqual([{ start: 285, end: 300 }]);
});
