/** Targets, rules, alerts and notifications as tables, for a server's pages and for a world's. */
import { element } from '../dom/element';
import type { Target } from '../prometheus/api';
import type { Notification, Rule, RuleGroup } from '../prometheus/status-api';
import { formatLabels, formatTime, formatValue, plural } from '../result/format';
import { scroller } from '../result/table-view';

/** A sentence, and what it sums up. */
export interface StatusView {
  readonly summary: string;
  readonly sections: readonly HTMLElement[];
}

export function targetsView(all: readonly Target[]): StatusView {
  const up = all.filter(({ health }) => health === 'up').length;
  const pools = [...new Set(all.map(({ pool }) => pool))];
  return {
    summary:
      all.length === 0
        ? 'The server has no targets. Name some under scrape_configs in its prometheus.yml.'
        : `${up} of ${plural(all.length, 'target', 'targets')} up.`,
    sections: pools.map((name) => {
      const rows = all.filter(({ pool }) => pool === name).map(targetRow);
      return section(
        name,
        ['Health', 'Target', 'Labels', 'Last scrape', 'Error'],
        rows,
        `Targets of ${name}`,
      );
    }),
  };
}

function targetRow(target: Target): HTMLElement {
  const { url, labels, health, lastError, lastScrape, lastScrapeSeconds } = target;
  const never = lastScrape.startsWith('0001-');
  const milliseconds = (lastScrapeSeconds * 1000).toFixed(1);
  return row(health, [
    element('span', { class: 'health' }, health),
    element('code', {}, url),
    element('code', {}, formatLabels(labels)),
    never ? 'not yet' : `${lastScrape.slice(11, 19)} UTC, took ${milliseconds} ms`,
    lastError || 'none',
  ]);
}

export function rulesView(groups: readonly RuleGroup[]): StatusView {
  const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
  return {
    summary:
      count === 0
        ? 'The server has no rules. Name a rule file under rule_files in its prometheus.yml.'
        : `${plural(count, 'rule', 'rules')} in ${plural(groups.length, 'group', 'groups')}.`,
    sections: groups.map(({ name, file, rules }) =>
      section(
        `${name} (${file})`,
        ['Health', 'Rule', 'Expression', 'Error'],
        rules.map(ruleRow),
        `Rules of ${name}`,
      ),
    ),
  };
}

function ruleRow({ type, name, query, health, lastError, state, forSeconds }: Rule): HTMLElement {
  const shown = health === 'ok' ? 'up' : health === 'err' ? 'down' : 'unknown';
  const wait = forSeconds > 0 ? `, for ${forSeconds} s` : '';
  return row(shown, [
    element('span', { class: 'health' }, health),
    `${name} (${type === 'alerting' ? `alert, ${state}${wait}` : 'recorded'})`,
    element('code', {}, query),
    lastError || 'none',
  ]);
}

/** One row for each alert, and one for each rule that has none: inactive is a state, too. */
export function alertsView(groups: readonly RuleGroup[]): StatusView {
  const rules = groups.flatMap((group) => group.rules.filter(({ type }) => type === 'alerting'));
  const alerts = rules.flatMap((rule) => rule.alerts);
  const count = (state: string) => alerts.filter((alert) => alert.state === state).length;
  const rows = rules.flatMap((rule) =>
    rule.alerts.length === 0
      ? [row('up', [element('span', { class: 'health' }, 'inactive'), rule.name, '', '', ''])]
      : rule.alerts.map(({ state, labels, activeAt, value, annotations }) =>
          row(state === 'firing' ? 'down' : 'unknown', [
            element('span', { class: 'health' }, state),
            element('code', {}, formatLabels(labels)),
            `${activeAt.slice(11, 19)} UTC`,
            formatValue(value),
            Object.values(annotations).join(' ') || 'none',
          ]),
        ),
  );
  return {
    summary:
      rules.length === 0
        ? 'The server has no alerting rules.'
        : `${count('firing')} firing, ${count('pending')} pending, of ${plural(rules.length, 'alerting rule', 'alerting rules')}.`,
    sections:
      rows.length === 0
        ? []
        : [section('Alerts', ['State', 'Alert', 'Since', 'Value', 'Annotations'], rows, 'Alerts')],
  };
}

/** Newest first. */
export function inboxView(all: readonly Notification[]): StatusView {
  const rows = [...all]
    .reverse()
    .map(({ time, receiver, integration, status, subject, text, reason }) =>
      row(status === 'firing' ? 'down' : 'up', [
        element('span', { class: 'health' }, status),
        `${formatTime(time)} UTC`,
        `${receiver} (${integration})`,
        subject || text.slice(0, 200),
        reason,
      ]),
    );
  return {
    summary:
      all.length === 0
        ? 'Nothing was sent yet.'
        : `${plural(all.length, 'notification', 'notifications')} so far.`,
    sections:
      rows.length === 0
        ? []
        : [section('Inbox', ['Status', 'Sent', 'To', 'Subject', 'Why now'], rows, 'Notifications')],
  };
}

/** A table; where it is narrow, each row is a card, and each cell says what it is (styles/server-pages.css). */
function section(
  title: string,
  headings: readonly string[],
  rows: readonly HTMLElement[],
  label: string,
): HTMLElement {
  const head = element(
    'tr',
    { role: 'row' },
    ...headings.map((heading) => element('th', { scope: 'col', role: 'columnheader' }, heading)),
  );
  for (const each of rows) {
    for (const [index, cell] of [...each.children].entries()) {
      cell.setAttribute('data-heading', headings[index] ?? '');
    }
  }
  const table = element(
    'table',
    { role: 'table' },
    element('thead', { role: 'rowgroup' }, head),
    element('tbody', { role: 'rowgroup' }, ...rows),
  );
  return element('section', {}, element('h2', {}, title), scroller(label, table));
}

function row(health: string, cells: readonly (Node | string)[]): HTMLElement {
  return element(
    'tr',
    { 'data-health': health, role: 'row' },
    ...cells.map((cell) => element('td', { role: 'cell' }, cell)),
  );
}
