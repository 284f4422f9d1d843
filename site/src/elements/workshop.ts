/**
 * <promenade-workshop>: a world with the learner's own configuration. The files are edited, the world is started
 * with them from its beginning, and targets, rules, alerts, their life-lines and the inbox tell what came of it. What
 * is wrong with a file is said with its place, and the place is selected. A page of metrics is judged by itself.
 */
import { lifeLines, type LifeLine } from '../alerts/life-line';
import { lifeLineView } from '../alerts/life-line-view';
import { element, uniqueId } from '../dom/element';
import { editorSpan } from '../editor/offsets';
import type { World } from '../engine/types';
import { rangeQuery, targets, type Outcome } from '../prometheus/api';
import { isWorld, openSource, pageEngine } from '../prometheus/source';
import { notifications, ruleGroups } from '../prometheus/status-api';
import { formatTime, plural } from '../result/format';
import { judgePage } from '../shell/metrics-page';
import { alertsView, inboxView, rulesView, targetsView, type StatusView } from './status-views';
import { Tabs } from './tabs';

type View = 'targets' | 'rules' | 'alerts' | 'line' | 'inbox';

const titles: Record<View, string> = {
  targets: 'Targets',
  rules: 'Rules',
  alerts: 'Alerts',
  line: 'Life-line',
  inbox: 'Inbox',
};
const historySeconds = 1800;
/** Of the life-line: no more than this is drawn, in steps that make at most 480 points. */
const lineSecondsMax = 2 * 3600;
const lineStep = 15;
const jumps = [
  { title: '+1 min', seconds: 60 },
  { title: '+10 min', seconds: 600 },
  { title: '+1 h', seconds: 3600 },
];

class PromenadeWorkshop extends HTMLElement {
  private world: World | undefined;
  /** What was asked for before is done first. */
  private lastAct: Promise<void> = Promise.resolve();
  private readonly said = element('p', { class: 'said', role: 'status' });
  private readonly problem = element('p', { class: 'problem', role: 'alert', id: uniqueId('problem') });
  private readonly panels: Record<View, HTMLElement> = {
    targets: element('div'),
    rules: element('div'),
    alerts: element('div'),
    line: element('div'),
    inbox: element('div'),
  };
  /** The alert whose life-line is shown, by its name; the one that changed last if it is not there. */
  private chosenLine = '';
  private readonly tabs = new Tabs<View>(
    'What came of it',
    (Object.keys(titles) as View[]).map((name) => ({ name, title: titles[name], panel: this.panels[name] })),
    'alerts',
    () => void this.busy(() => this.show()),
  );

  connectedCallback(): void {
    const start = this.button('Start with these files', () => this.start());
    start.classList.add('primary');
    const moves = jumps.map(({ title, seconds }) => this.button(title, () => this.advance(seconds)));
    this.append(
      element('div', { class: 'actions' }, start, ...moves),
      this.problem,
      this.said,
      this.tabs.list,
      ...Object.values(this.panels),
    );
    for (const area of this.areas()) {
      area.rows = Math.min(Math.max(area.value.split('\n').length + 1, 6), 24);
      area.addEventListener('input', () => area.removeAttribute('aria-invalid'));
    }
    this.offerPageCheck();
  }

  /** The page of metrics is no file of the world: it is judged at once, without one. */
  private offerPageCheck(): void {
    const page = this.querySelector<HTMLElement>('[data-part="page"]');
    const area = page?.querySelector('textarea');
    if (!page || !area) return;
    const said = element('div', { role: 'status', class: 'page-said' });
    const button = this.button('Check this page', async () => {
      const { problem, findings } = await judgePage(await pageEngine(), area.value);
      area.toggleAttribute('aria-invalid', problem !== undefined);
      if (problem) {
        said.replaceChildren(element('p', { class: 'problem' }, problem.message));
        if (problem.span) {
          const { from, to } = editorSpan(area.value, problem.span);
          area.focus();
          area.setSelectionRange(from, to);
        }
        return;
      }
      said.replaceChildren(
        findings.length === 0
          ? element('p', {}, 'It can be read, and nothing is to be said about its style.')
          : element('ul', {}, ...findings.map((finding) => element('li', {}, finding))),
      );
    });
    area.addEventListener('input', () => {
      area.removeAttribute('aria-invalid');
      said.replaceChildren();
    });
    page.append(button, said);
    this.append(page);
  }

  private areas(): HTMLTextAreaElement[] {
    return [...this.querySelectorAll<HTMLTextAreaElement>('textarea[data-file]')];
  }

  private button(title: string, act: () => Promise<void>): HTMLButtonElement {
    const button = element('button', { type: 'button' }, title);
    button.addEventListener('click', () => {
      void this.busy(act);
    });
    return button;
  }

  private busy(act: () => Promise<void>): Promise<void> {
    this.lastAct = this.lastAct.then(() => this.attempt(act));
    return this.lastAct;
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    this.problem.textContent = '';
    try {
      await act();
    } catch (error) {
      this.showProblem(error instanceof Error ? error.message : String(error));
    }
  }

  private async start(): Promise<void> {
    this.said.textContent = 'Starting the engine and simulating half an hour of the web shop …';
    const files = Object.fromEntries(
      this.areas()
        .filter(({ value }) => value.trim() !== '')
        .map((area) => [area.dataset['file'] ?? '', area.value]),
    );
    const source = await openSource({ world: 'web-shop', seed: 1, historySeconds, files });
    if (!isWorld(source)) throw new Error('This needs a simulated world.');
    this.world = source;
    await this.show();
  }

  private async advance(seconds: number): Promise<void> {
    if (!this.world) await this.start();
    this.said.textContent = 'Time passes …';
    await this.world?.advance(seconds);
    await this.show();
  }

  private async show(): Promise<void> {
    const { world } = this;
    if (!world) return;
    const tab = this.tabs.current;
    const { summary, sections } = await this.view(tab, world);
    this.panels[tab].replaceChildren(...sections);
    this.said.textContent = `${formatTime(await world.now())} UTC. ${summary}`;
  }

  private async view(tab: View, world: World): Promise<StatusView> {
    switch (tab) {
      case 'targets':
        return targetsView(wanted(await targets(world)));
      case 'rules':
        return rulesView(wanted(await ruleGroups(world)));
      case 'alerts':
        return alertsView(wanted(await ruleGroups(world)));
      case 'line':
        return this.lineView(world);
      case 'inbox':
        return inboxView(await notifications(world));
    }
  }

  private async lineView(world: World): Promise<StatusView> {
    const end = await world.now();
    const start = Math.max(end - lineSecondsMax, await startOf(world));
    const answer = wanted(await rangeQuery(world, 'ALERTS', { start, end, step: lineStep }));
    const sent = await notifications(world).catch(() => []);
    const lines = lifeLines('series' in answer ? answer.series : [], lineStep, end, sent);
    if (lines.length === 0) {
      return { summary: 'No alert was pending or firing so far. Let more time pass.', sections: [] };
    }
    const shown = element('div');
    const draw = (line: LifeLine) => {
      this.chosenLine = line.name;
      // Some room before the first event, so that it is seen where it begins.
      const from = Math.max(start, (line.events[0]?.time ?? start) - 120);
      shown.replaceChildren(lifeLineView(line, from, end));
    };
    const select = element(
      'select',
      { id: uniqueId('line') },
      ...lines.map(({ name }, index) => element('option', { value: index }, name)),
    );
    const at = Math.max(
      lines.findIndex(({ name }) => name === this.chosenLine),
      0,
    );
    select.selectedIndex = at;
    select.addEventListener('change', () => draw(lines[select.selectedIndex]!));
    draw(lines[at]!);
    const label = element('label', { for: select.id }, 'Alert ');
    return {
      summary: `${plural(lines.length, 'alert', 'alerts')} so far.`,
      sections: [element('section', { class: 'lines' }, element('p', {}, label, select), shown)],
    };
  }

  /** @param message FILE:LINE:COLUMN: what is wrong, or anything else */
  private showProblem(message: string): void {
    this.said.textContent = '';
    this.problem.textContent = message;
    const [, file, line, column] = /^([\w.-]+):(\d+):(\d+):/.exec(message) ?? [];
    const area = this.areas().find((each) => each.dataset['file'] === file);
    if (!area) return;
    const lines = area.value.split('\n');
    const start =
      lines.slice(0, Number(line) - 1).reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1;
    const word = /^[\w-]+|^./.exec(area.value.slice(start))?.[0] ?? '';
    area.setAttribute('aria-invalid', 'true');
    area.setAttribute('aria-describedby', this.problem.id);
    area.focus();
    area.setSelectionRange(start, start + word.length);
  }
}

/** When the world began. */
async function startOf(world: World): Promise<number> {
  const { body } = await world.askHost('http://world/clock');
  const { start } = JSON.parse(body) as { start?: unknown };
  return typeof start === 'number' ? start : 0;
}

function wanted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.data;
}

customElements.define('promenade-workshop', PromenadeWorkshop);
