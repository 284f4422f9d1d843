/**
 * The clock of a simulated world. It tells the time, lets time pass, and, opened, lets the learner look at any
 * earlier moment: time only ever moves on, but a query may ask for the past. Shows nothing for a real server.
 */
import { element, uniqueId } from '../dom/element';
import type { Prometheus, World } from '../engine/types';
import { number, object } from '../prometheus/decode';
import { isWorld } from '../prometheus/source';
import { formatTime } from '../result/format';

const moved = 'promenade:clock';

/** What lets time pass, in seconds. */
const jumps = [
  { title: '+1 min', label: 'Let one minute pass in this world', seconds: 60 },
  { title: '+10 min', label: 'Let ten minutes pass', seconds: 600 },
  { title: '+1 h', label: 'Let an hour pass', seconds: 3600 },
];

export class ClockControl {
  /** In the sandbox's bar. */
  readonly root = element('div', { class: 'clock', hidden: true });
  /** Beneath it, when opened. */
  readonly panel = element('div', { class: 'time-line', role: 'group', 'aria-label': 'Time', hidden: true });
  private readonly face = element('span', { class: 'face' });
  private readonly slider = element('input', { type: 'range', step: 15 });
  private readonly startTime = element('span', {});
  private now = 0;
  private chosen: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onMove called when time has moved on, here or in another sandbox of the page, or another moment is chosen */
  constructor(
    prometheus: Promise<Prometheus>,
    private readonly onMove: () => void,
    firstMoment?: number,
  ) {
    this.chosen = firstMoment;
    prometheus
      .then((source) => (isWorld(source) ? this.start(source) : undefined))
      .catch(() => {
        // The sandbox tells why there is no Prometheus.
      });
  }

  /** The moment to evaluate at; undefined is the world's now. */
  get moment(): number | undefined {
    return this.chosen;
  }

  private async start(world: World): Promise<void> {
    this.panel.id = uniqueId('time');
    const open = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': this.panel.id },
      element('span', { class: 'sr-only' }, 'World time '),
      this.face,
    );
    open.addEventListener('click', () => {
      this.panel.hidden = !this.panel.hidden;
      open.setAttribute('aria-expanded', String(!this.panel.hidden));
    });
    const buttons = jumps.map(({ title, label, seconds }) => {
      const button = element('button', { type: 'button', class: 'quiet', 'aria-label': label }, title);
      button.addEventListener('click', () => {
        this.chosen = undefined;
        void world.advance(seconds).then(() => document.dispatchEvent(new CustomEvent(moved)));
      });
      return button;
    });
    const now = element('button', { type: 'button', class: 'quiet' }, 'Now');
    now.addEventListener('click', () => this.choose(undefined));
    const slider = element(
      'label',
      {},
      element('span', { class: 'sr-only' }, 'Moment to evaluate at'),
      this.slider,
    );
    this.slider.addEventListener('input', () => this.choose(Number(this.slider.value)));
    document.addEventListener(moved, () => void this.refresh(world).then(() => this.onMove()));
    this.root.append(open, buttons[0]!);
    this.panel.append(this.startTime, slider, now, ...buttons.slice(1));
    await this.refresh(world);
    this.root.hidden = false;
  }

  private async refresh(world: World): Promise<void> {
    const response = await world.askHost('http://world/clock');
    const clock = object(JSON.parse(response.body));
    const start = number(clock['start']);
    this.now = number(clock['now']);
    if (this.chosen !== undefined && this.chosen >= this.now) this.chosen = undefined;
    this.slider.min = String(start);
    this.slider.max = String(this.now);
    this.startTime.textContent = formatTime(start);
    this.show();
  }

  private choose(moment: number | undefined): void {
    this.chosen = moment === this.now ? undefined : moment;
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.onMove(), 40);
  }

  private show(): void {
    const shown = this.chosen ?? this.now;
    const text = `${formatTime(shown)} UTC`;
    this.face.textContent = this.chosen === undefined ? text : `${text} (past)`;
    this.slider.value = String(shown);
    this.slider.setAttribute('aria-valuetext', this.chosen === undefined ? `${text}, now` : text);
  }
}
