/**
 * <promenade-sandbox>: a query that comes to life when it is nearly in view. Until then, and without
 * JavaScript, it is the readable text that the page was built with. Editor, graph and engine are loaded
 * only then.
 */
import { whenNear } from '../dom/when-near';
import type { Prometheus } from '../engine/types';
import { isWorld, openSource, type SourceOptions } from '../prometheus/source';
import { parseDuration } from '../result/format';
import { withBase } from '../text/address';
import type { ResultTab, SandboxView, Shown } from './sandbox-view';
import type { SharedState } from './share';
import { readQueryState, writeQueryState, type QueryState } from './url-state';

const waiting = {
  world: 'Starting the engine and simulating the web shop’s past …',
  server: 'Asking the server …',
};

/** The most that a link may let a world run on before it is shown. */
const advanceSecondsMax = 6 * 3600;

export class PromenadeSandbox extends HTMLElement {
  private view: Promise<SandboxView> | undefined;

  connectedCallback(): void {
    if (this.dataset['eager'] !== undefined) void this.open();
    // One that waits is brought to life by whoever holds it.
    else if (this.dataset['wait'] === undefined) whenNear(this, () => void this.open());
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
    const original = dataset['query'] ?? '';
    const { label = 'PromQL query', ranges = '15m,1h,2h', range = '1h', view = 'table' } = dataset;
    const state = await this.stateInAddress();
    const source = await this.source(state);
    // The engine starts while the editor is still on its way.
    const prometheus = openAt(source, state.time);
    prometheus.catch(() => {
      // The view awaits the same promise and shows the reason.
    });
    const { SandboxView } = await import('./sandbox-view');
    const isServer = source.world === 'server';
    return new SandboxView(this, {
      // Another query may have been chosen while the code was on its way.
      query: state.query ?? dataset['query'] ?? '',
      original,
      label,
      prometheus,
      waiting: isServer ? waiting.server : waiting.world,
      tab: state.tab ?? (view as ResultTab),
      ranges: ranges.split(','),
      range: state.range ?? range,
      ...(state.time !== undefined && { time: state.time }),
      hold: dataset['hold'] !== undefined,
      lint: dataset['remarks'] !== 'off',
      timeInput: isServer,
      onChange: (text) =>
        this.dispatchEvent(new CustomEvent('sandbox-change', { detail: text, bubbles: true })),
      onCheck: () => this.dispatchEvent(new CustomEvent('sandbox-check', { bubbles: true })),
      onShown: ({ query, tab, range: shownRange }) => {
        if (dataset['state'] === 'url') writeQueryState({ query, tab, range: shownRange });
      },
      share: (shown) => share(source, shown),
    });
  }

  private async source(state: Partial<SharedState>): Promise<SourceOptions> {
    const { world = 'lesson-shop', seed = '1', history = '2h', rules } = this.dataset;
    const files = rules !== undefined && (await import('../prometheus/lesson-rules')).lessonRules;
    return {
      world: state.world ?? world,
      seed: state.seed ?? Number(seed),
      historySeconds: parseDuration(history) ?? 0,
      ...(files && { files }),
    };
  }

  /** What the page's address says of this sandbox; nothing for one inside a lesson. */
  private async stateInAddress(): Promise<Partial<SharedState> & QueryState> {
    switch (this.dataset['state']) {
      case 'url':
        return readQueryState(location.search);
      case 'fragment': {
        if (location.hash === '') return {};
        const { readFragment } = await import('./share');
        return (await readFragment(location.hash)) ?? {};
      }
      default:
        return {};
    }
  }
}

/** The source, its world's time moved on until `time` is no longer in its future. */
async function openAt(options: SourceOptions, time: number | undefined): Promise<Prometheus> {
  const prometheus = await openSource(options);
  if (time === undefined || !isWorld(prometheus)) return prometheus;
  const ahead = time - (await prometheus.now());
  if (ahead > 0) await prometheus.advance(Math.ceil(Math.min(ahead, advanceSecondsMax)));
  return prometheus;
}

/** The address of a sandbox page in this state; of a server's, the page's own. */
async function share({ world, seed }: SourceOptions, shown: Shown): Promise<string> {
  if (world === 'server') return location.href;
  const { query, tab, range, time } = shown;
  const { writeFragment } = await import('./share');
  const fragment = await writeFragment({ world, seed, query, tab, range, ...(time > 0 && { time }) });
  return new URL(withBase(import.meta.env.BASE_URL, `/sandbox/${fragment}`), location.href).href;
}

customElements.define('promenade-sandbox', PromenadeSandbox);
