/**
 * <promenade-sandbox>: a query that comes to life when it is nearly in view. Until then, and without
 * JavaScript, it is the readable text that the page was built with. Editor, graph and engine are loaded
 * only then.
 */
import { whenNear } from '../dom/when-near';
import { openSource } from '../prometheus/source';
import { parseDuration } from '../result/format';
import type { ResultTab, SandboxView } from './sandbox-view';
import { readQueryState, writeQueryState } from './url-state';

const waiting = {
  world: 'Starting the engine and simulating the web shop’s past …',
  server: 'Asking the server …',
};

export class PromenadeSandbox extends HTMLElement {
  private view: Promise<SandboxView> | undefined;

  connectedCallback(): void {
    if (this.dataset['eager'] !== undefined) void this.open();
    else whenNear(this, () => void this.open());
  }

  /** Brings the sandbox to life now. */
  open(): Promise<SandboxView> {
    this.view ??= this.start();
    return this.view;
  }

  /** Sets the query, alive or not yet. */
  setQuery(query: string): void {
    this.dataset['query'] = query;
    void this.view?.then((view) => {
      view.text = query;
    });
  }

  private async start(): Promise<SandboxView> {
    const { dataset } = this;
    const {
      world = 'web-shop',
      seed = '1',
      history = '2h',
      label = 'PromQL query',
      ranges = '15m,1h,2h',
    } = dataset;
    // The engine starts while the editor is still on its way.
    const prometheus = openSource({ world, seed: Number(seed), historySeconds: parseDuration(history) ?? 0 });
    prometheus.catch(() => {
      // The view awaits the same promise and shows the reason.
    });
    const { SandboxView } = await import('./sandbox-view');
    const inUrl = dataset['state'] === 'url' ? readQueryState(location.search) : {};
    return new SandboxView(this, {
      query: inUrl.query ?? this.dataset['query'] ?? '',
      label,
      prometheus,
      waiting: world === 'server' ? waiting.server : waiting.world,
      tab: inUrl.tab ?? (dataset['view'] as ResultTab | undefined) ?? 'table',
      ranges: ranges.split(','),
      range: inUrl.range ?? dataset['range'] ?? '1h',
      hold: dataset['hold'] !== undefined,
      timeInput: world === 'server',
      onChange: (text) =>
        this.dispatchEvent(new CustomEvent('sandbox-change', { detail: text, bubbles: true })),
      onCheck: () => this.dispatchEvent(new CustomEvent('sandbox-check', { bubbles: true })),
      onShown: (shown) => {
        if (dataset['state'] === 'url') writeQueryState(shown);
      },
    });
  }
}

customElements.define('promenade-sandbox', PromenadeSandbox);
