/** <promenade-targets>: what the server scrapes, and how the last scrape of each went. */
import { element } from '../dom/element';
import { targets, type Target } from '../prometheus/api';
import { openSource } from '../prometheus/source';
import { formatLabels, plural } from '../result/format';
import { scroller } from '../result/table-view';

class PromenadeTargets extends HTMLElement {
  connectedCallback(): void {
    void this.load();
  }

  private async load(): Promise<void> {
    const status = element('p', { role: 'status' }, 'Asking the server …');
    this.replaceChildren(status);
    try {
      const outcome = await targets(await openSource({ world: 'server', seed: 0, historySeconds: 0 }));
      if (!outcome.ok) throw new Error(outcome.problem.message);
      status.textContent = summary(outcome.data);
      this.append(...pools(outcome.data));
    } catch {
      status.textContent =
        'No Prometheus answers at this address. This page belongs to the server: start it with npm start and open its address.';
    }
    const again = element('button', { type: 'button' }, 'Ask again');
    again.addEventListener('click', () => void this.load());
    this.append(again);
  }
}

function summary(all: readonly Target[]): string {
  if (all.length === 0)
    return 'The server has no targets. Name some under scrape_configs in its prometheus.yml.';
  const up = all.filter(({ health }) => health === 'up').length;
  return `${up} of ${plural(all.length, 'target', 'targets')} up.`;
}

function pools(all: readonly Target[]): HTMLElement[] {
  const names = [...new Set(all.map(({ pool }) => pool))];
  return names.map((name) => {
    const rows = all.filter(({ pool }) => pool === name).map(row);
    const headings = ['Health', 'Target', 'Labels', 'Last scrape', 'Error'];
    const head = element('tr', {}, ...headings.map((title) => element('th', { scope: 'col' }, title)));
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
    return element('section', {}, element('h2', {}, name), scroller(`Targets of ${name}`, table));
  });
}

function row(target: Target): HTMLElement {
  const { url, labels, health, lastError, lastScrape, lastScrapeSeconds } = target;
  const never = lastScrape.startsWith('0001-');
  const milliseconds = (lastScrapeSeconds * 1000).toFixed(1);
  return element(
    'tr',
    { 'data-health': health },
    element('td', {}, element('span', { class: 'health' }, health)),
    element('td', {}, element('code', {}, url)),
    element('td', {}, element('code', {}, formatLabels(labels))),
    element('td', {}, never ? 'not yet' : `${lastScrape.slice(11, 19)} UTC, took ${milliseconds} ms`),
    element('td', {}, lastError || 'none'),
  );
}

customElements.define('promenade-targets', PromenadeTargets);
