/**
 * A dashboard over a live world: panels that are asked anew with every change, a form for the panel that is being
 * edited, variables above, and the whole as Grafana's JSON, to be taken away or brought.
 */
import type { AnswerForm } from '../answer-forms/form';
import { element, uniqueId } from '../dom/element';
import { headingLevelIn } from '../dom/heading-level';
import { loadStyle } from '../dom/load-style';
import { TextEditor } from '../editor/text-editor';
import { Tabs } from '../elements/tabs';
import type { Prometheus } from '../engine/types';
import { ask, type Problem } from '../prometheus/api';
import { list, text } from '../prometheus/decode';
import { isWorld, openSource } from '../prometheus/source';
import { formatTime, parseDuration } from '../result/format';
import { stepFor } from '../result/graph-model';
import boardStyle from '../styles/board.css?url';
import {
  emptyPanel,
  readDashboard,
  writeDashboard,
  type Dashboard,
  type Panel,
  type Variable,
} from './model';
import { PanelCard } from './panel-card';
import type { View } from './panel-data';
import { dataSourceFile, providerFile } from './provisioning';
import { labelValues, type Chosen } from './variables';

export interface BoardOptions {
  /** Grafana's JSON. */
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  /** A workload of engine/sim. */
  readonly world: string;
  /** Its Prometheus has the rules of the lessons. */
  readonly hasRules: boolean;
  readonly onChange: (text: string) => void;
  readonly onCheck: () => void;
}

const historySeconds = 7200;
const scrapeInterval = 15;
const ranges = ['15m', '1h', '2h'];
const advanceSeconds = 300;
/** No dashboard that people look at is larger. */
const fileBytesMax = 1024 * 1024;
const nothing: Dashboard = { title: 'Dashboard', range: '1h', variables: [], panels: [], rest: {} };

export class Board implements AnswerForm {
  private dashboard = nothing;
  /** What stands here: the learner's own JSON until a panel is edited. */
  private json: string;
  private chosen: Chosen = {};
  private readonly prometheus: Promise<Prometheus>;
  private readonly cards: PanelCard[] = [];
  private readonly panels = element('div', { class: 'panels' });
  private readonly bar = element('div', { class: 'bar' });
  private readonly choosers = element('div', { class: 'choosers' });
  private readonly said = element('p', { class: 'said', role: 'status' });
  private readonly boardTab = element('div');
  private readonly jsonTab = element('div', { class: 'json' });
  private readonly editor: TextEditor;
  private readonly tabs: Tabs<'board' | 'json'>;
  private readonly headingLevel: 2 | 3 | 4;
  private request = new AbortController();

  constructor(
    root: HTMLElement,
    private readonly options: BoardOptions,
  ) {
    this.json = options.text;
    this.headingLevel = headingLevelIn(root);
    this.prometheus = this.openWorld();
    this.tabs = new Tabs<'board' | 'json'>(
      options.label,
      [
        { name: 'board', title: 'Panels', panel: this.boardTab },
        { name: 'json', title: 'JSON', panel: this.jsonTab },
      ],
      'board',
      (tab) => this.turnTo(tab),
    );
    this.boardTab.append(
      this.bar,
      this.choosers,
      this.panels,
      element(
        'div',
        { class: 'bar' },
        this.button('Add a panel', () => this.addPanel()),
        this.variableAdder(),
      ),
    );
    this.editor = new TextEditor(this.jsonTab, {
      text: this.json,
      label: `${options.label}: JSON`,
      language: 'yaml',
      onChange: (typed) => {
        this.json = typed;
        options.onChange(typed);
      },
      // The key goes on to the board.
      onCheck: () => undefined,
    });
    root.classList.add('board');
    root.replaceChildren(this.tabs.list, this.said, this.boardTab, this.jsonTab, this.files());
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.shiftKey) options.onCheck();
    });
    void loadStyle(boardStyle).then(() => this.load(this.json));
  }

  get text(): string {
    return this.json;
  }

  set text(json: string) {
    this.json = json;
    this.editor.text = json;
    this.load(json);
  }

  focus(): void {
    this.boardTab.querySelector<HTMLElement>('button, select')?.focus();
  }

  /** Problems have places in the JSON. */
  showProblem(problem: Problem): void {
    this.editor.showProblem(problem);
  }

  private async openWorld(): Promise<Prometheus> {
    const { world, hasRules } = this.options;
    const files = hasRules && (await import('../prometheus/lesson-rules')).lessonRules;
    return openSource({ world, seed: 1, historySeconds, ...(files && { files }) });
  }

  /** Takes over a dashboard's JSON; what is none is said, and the panels stay as they were. */
  private load(json: string): boolean {
    try {
      this.dashboard = json.trim() === '' ? nothing : readDashboard(json);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return false;
    }
    this.drawBar();
    this.drawCards();
    void this.offerValues().then(() => this.refresh());
    return true;
  }

  private turnTo(tab: 'board' | 'json'): void {
    this.say('');
    if (tab === 'json') this.editor.text = this.json;
    else this.load(this.json);
  }

  /** An edit by the learner. */
  private change(dashboard: Dashboard): void {
    this.dashboard = dashboard;
    this.json = writeDashboard(dashboard);
    this.options.onChange(this.json);
  }

  private drawBar(): void {
    const { range } = this.dashboard;
    const select = element(
      'select',
      {},
      ...[...new Set([...ranges, range])].map((each) => element('option', { value: each }, each)),
    );
    select.value = range;
    select.addEventListener('change', () => {
      this.change({ ...this.dashboard, range: select.value });
      void this.refresh();
    });
    this.bar.replaceChildren(
      element('label', {}, 'Range ', select),
      this.button('Ask again', () => this.refresh()),
      this.button('Let 5 minutes pass', () => this.advance()),
    );
  }

  private drawCards(): void {
    for (const card of this.cards.splice(0)) card.destroy();
    this.panels.replaceChildren();
    for (const panel of this.dashboard.panels) this.addCard(panel);
    if (this.cards.length === 0) {
      this.panels.append(
        element('p', { class: 'none' }, 'No panels yet. Add one: each is a question with its answer.'),
      );
    }
  }

  private addCard(panel: Panel): PanelCard {
    const card = new PanelCard(panel, {
      headingLevel: this.headingLevel,
      prometheus: this.prometheus,
      onChange: () => {
        this.change({ ...this.dashboard, panels: this.cards.map((each) => each.panel) });
        void this.drawOne(card);
      },
      onRemove: () => {
        const at = this.cards.indexOf(card);
        this.cards.splice(at, 1);
        card.destroy();
        card.root.remove();
        this.change({ ...this.dashboard, panels: this.cards.map((each) => each.panel) });
        this.say(`Removed the panel ${card.panel.title}.`);
        (this.cards[Math.min(at, this.cards.length - 1)] ?? this).focus();
      },
      onMove: (by) => this.moveCard(card, by),
    });
    this.cards.push(card);
    this.panels.append(card.root);
    return card;
  }

  private moveCard(card: PanelCard, by: -1 | 1): void {
    const from = this.cards.indexOf(card);
    const other = this.cards[from + by];
    if (!other) return;
    this.cards[from + by] = card;
    this.cards[from] = other;
    if (by < 0) other.root.before(card.root);
    else other.root.after(card.root);
    this.change({ ...this.dashboard, panels: this.cards.map((each) => each.panel) });
    this.say(`The panel ${card.panel.title} is now ${from + by + 1} of ${this.cards.length}.`);
  }

  private addPanel(): void {
    if (this.cards.length === 0) this.panels.replaceChildren();
    const card = this.addCard(emptyPanel);
    this.change({ ...this.dashboard, panels: this.cards.map((each) => each.panel) });
    void this.drawOne(card);
    card.edit();
  }

  private async advance(): Promise<void> {
    const prometheus = await this.prometheus;
    if (isWorld(prometheus)) await prometheus.advance(advanceSeconds);
    await this.refresh();
  }

  /** Asks for all panels. */
  private async refresh(): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const view = await this.view();
      for (const card of this.cards) await card.draw(view, signal);
      if (!signal.aborted) this.say(`Until ${formatTime(view.range.end)} UTC.`);
    } catch (error) {
      if (!signal.aborted) this.say(error instanceof Error ? error.message : String(error));
    }
  }

  private async drawOne(card: PanelCard): Promise<void> {
    await card.draw(await this.view(), this.request.signal);
  }

  private async view(): Promise<View> {
    const prometheus = await this.prometheus;
    const now = await prometheus.now();
    const seconds = parseDuration(this.dashboard.range) ?? 3600;
    const step = stepFor(seconds, scrapeInterval);
    const end = Math.floor(now / step) * step;
    const range = { start: end - seconds, end, step };
    return { prometheus, range, scrapeInterval, variables: this.dashboard.variables, chosen: this.chosen };
  }

  /** Fetches what each variable can be, and draws its chooser. */
  private async offerValues(): Promise<void> {
    const drawn: HTMLElement[] = [];
    for (const variable of this.dashboard.variables) {
      const values = await this.valuesOf(variable);
      const kept = (this.chosen[variable.name] ?? []).filter((value) => values.includes(value));
      const first = variable.multi ? values : values.slice(0, 1);
      this.chosen = { ...this.chosen, [variable.name]: kept.length > 0 ? kept : first };
      drawn.push(this.chooser(variable, values));
    }
    this.choosers.replaceChildren(...drawn);
  }

  private async valuesOf({ query }: Variable): Promise<string[]> {
    const parts = labelValues(query);
    if (!parts) return [];
    const path = `/api/v1/label/${encodeURIComponent(parts.label)}/values`;
    const parameters: Record<string, string> = parts.match ? { 'match[]': parts.match } : {};
    const outcome = await ask(await this.prometheus, path, parameters, (data) => list(data).map(text));
    return outcome.ok ? outcome.data : [];
  }

  private chooser(variable: Variable, values: readonly string[]): HTMLElement {
    const { name, multi } = variable;
    const title = element('legend', {}, `$${name}`);
    const group = uniqueId('variable');
    const inputs = values.map((value) => {
      const input = element('input', { type: multi ? 'checkbox' : 'radio', name: group, value });
      input.checked = this.chosen[name]?.includes(value) ?? false;
      input.addEventListener('change', () => {
        const chosen = inputs.filter(({ checked }) => checked).map((each) => each.value);
        this.chosen = { ...this.chosen, [name]: chosen };
        void this.refresh();
      });
      return input;
    });
    const labels = inputs.map((input) => element('label', {}, input, input.value));
    const none = values.length === 0 && element('p', {}, `${variable.query} has no values.`);
    const remove = this.button('Remove', async () => {
      this.change({
        ...this.dashboard,
        variables: this.dashboard.variables.filter((each) => each.name !== name),
      });
      await this.offerValues();
      await this.refresh();
    });
    remove.setAttribute('aria-label', `Remove the variable ${name}`);
    return element('fieldset', {}, title, ...labels, none, remove);
  }

  private variableAdder(): HTMLElement {
    const name = element('input', { type: 'text', placeholder: 'instance', size: 12 });
    const query = element('input', { type: 'text', placeholder: 'label_values(up, instance)', size: 28 });
    const multi = element('input', { type: 'checkbox' });
    const add = this.button('Add', async () => {
      const isName = /^[a-z_]\w*$/i.test(name.value);
      if (!isName || !labelValues(query.value)) {
        this.say('A variable needs a name of letters, and a query such as label_values(up, instance).');
        return;
      }
      const variable = { name: name.value, query: query.value, multi: multi.checked, rest: {} };
      const others = this.dashboard.variables.filter((each) => each.name !== variable.name);
      this.change({ ...this.dashboard, variables: [...others, variable] });
      await this.offerValues();
      await this.refresh();
      this.say(`Added the variable $${variable.name}.`);
    });
    return element(
      'details',
      { class: 'adder' },
      element('summary', {}, 'Add a variable'),
      element('label', {}, 'Name', name),
      element('label', {}, 'Values from', query),
      element('label', { class: 'check' }, multi, 'several can be chosen'),
      add,
    );
  }

  private files(): HTMLElement {
    const input = element('input', { type: 'file', accept: 'application/json,.json' });
    input.addEventListener('change', () => void this.take(input));
    return element(
      'details',
      { class: 'adder' },
      element('summary', {}, 'Take it to Grafana, or bring one'),
      this.button('Save dashboard.json', () => save('dashboard.json', 'application/json', this.json)),
      this.button(`Save ${dataSourceFile.name}`, () =>
        save(dataSourceFile.name, 'application/yaml', dataSourceFile.text),
      ),
      this.button(`Save ${providerFile.name}`, () =>
        save(providerFile.name, 'application/yaml', providerFile.text),
      ),
      element('label', {}, 'Bring a dashboard’s JSON ', input),
    );
  }

  private async take(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) return;
    input.value = '';
    if (file.size > fileBytesMax) {
      this.say('This file is too large for a dashboard. Nothing was changed.');
      return;
    }
    const json = await file.text();
    if (!this.load(json)) return;
    this.json = json;
    this.editor.text = json;
    this.options.onChange(json);
    this.say(`Brought ${this.dashboard.title || 'a dashboard'} with ${this.cards.length} panels.`);
  }

  private button(title: string, act: () => unknown): HTMLButtonElement {
    const button = element('button', { type: 'button' }, title);
    button.addEventListener('click', () => void act());
    return button;
  }

  private say(sentence: string): void {
    this.said.textContent = sentence;
  }
}

function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
