/** The clock of a simulated world, and a button that moves it on. Shows nothing for a real server. */
import { element } from '../dom/element';
import type { Prometheus, World } from '../engine/types';
import { isWorld } from '../prometheus/source';
import { formatTime } from '../result/format';

const moved = 'promenade:clock';
const stepSeconds = 60;

export class ClockControl {
  readonly root = element('div', { class: 'clock', hidden: true });
  private readonly face = element('span', { class: 'face' });

  /** @param onMove called when time has moved on, here or in another sandbox of the page */
  constructor(prometheus: Promise<Prometheus>, onMove: () => void) {
    prometheus
      .then((source) => (isWorld(source) ? this.start(source, onMove) : undefined))
      .catch(() => {
        // The sandbox tells why there is no Prometheus.
      });
  }

  private async start(world: World, onMove: () => void): Promise<void> {
    const button = element('button', { type: 'button', class: 'quiet' }, '+1 min');
    button.setAttribute('aria-label', 'Let one minute pass in this world');
    button.addEventListener('click', () => {
      void world.advance(stepSeconds).then(() => document.dispatchEvent(new CustomEvent(moved)));
    });
    document.addEventListener(moved, () => {
      void this.show(world);
      onMove();
    });
    this.root.append(element('span', { class: 'sr-only' }, 'World time '), this.face, button);
    await this.show(world);
    this.root.hidden = false;
  }

  private async show(world: World): Promise<void> {
    this.face.textContent = `${formatTime(await world.now())} UTC`;
  }
}
