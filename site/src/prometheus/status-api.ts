/** Rules and alerts of a Prometheus, and what a world's inbox has received. */
import type { Prometheus, World } from '../engine/types';
import { ask, type Outcome } from './api';
import { list, number, object, text, textRecord } from './decode';

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
}

export interface Rule {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError: string;
  /** Of alerting rules only. */
  readonly state: string;
  readonly forSeconds: number;
  readonly alerts: readonly Alert[];
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly Rule[];
}

export interface Notification {
  readonly time: number;
  readonly receiver: string;
  readonly integration: string;
  readonly status: string;
  readonly reason: string;
  readonly subject: string;
  readonly text: string;
  /** What it was about; `status` is firing or resolved. */
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly status: string }[];
}

export function ruleGroups(prometheus: Prometheus): Promise<Outcome<RuleGroup[]>> {
  return ask(prometheus, '/api/v1/rules', {}, (data) => list(object(data)['groups']).map(decodeGroup));
}

/** Rejects when the world has no Alertmanager, and so no inbox. */
export async function notifications(world: World): Promise<Notification[]> {
  const response = await world.askHost('http://inbox/notifications');
  if (response.status !== 200) throw new Error('This world has no Alertmanager.');
  return list(object(JSON.parse(response.body))['notifications']).map(decodeNotification);
}

function decodeGroup(value: unknown): RuleGroup {
  const { name, file, rules } = object(value);
  return { name: text(name), file: text(file), rules: list(rules).map(decodeRule) };
}

function decodeRule(value: unknown): Rule {
  const rule = object(value);
  const alerts = rule['alerts'] ?? [];
  return {
    type: rule['type'] === 'alerting' ? 'alerting' : 'recording',
    name: text(rule['name']),
    query: text(rule['query']),
    health: text(rule['health']),
    lastError: text(rule['lastError'] ?? ''),
    state: text(rule['state'] ?? ''),
    forSeconds: number(rule['duration'] ?? 0),
    alerts: list(alerts).map(decodeAlert),
  };
}

function decodeAlert(value: unknown): Alert {
  const { labels, annotations, state, activeAt, value: shown } = object(value);
  return {
    labels: textRecord(labels),
    annotations: textRecord(annotations ?? {}),
    state: text(state),
    activeAt: text(activeAt ?? ''),
    value: text(shown),
  };
}

function decodeNotification(value: unknown): Notification {
  const each = object(value);
  return {
    time: number(each['time']),
    receiver: text(each['receiver']),
    integration: text(each['integration']),
    status: text(each['status']),
    reason: text(each['reason'] ?? ''),
    subject: text(each['subject'] ?? ''),
    text: text(each['text'] ?? ''),
    alerts: list(each['alerts'] ?? []).map((alert) => ({
      labels: textRecord(object(alert)['labels']),
      status: text(object(alert)['status']),
    })),
  };
}
