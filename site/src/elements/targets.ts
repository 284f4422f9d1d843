/** <promenade-targets>, <promenade-rules>, <promenade-alerts>: how the server that serves the page is doing. */
import { element } from '../dom/element';
import type { Prometheus } from '../engine/types';
import { targets, type Outcome } from '../prometheus/api';
import { openSource } from '../prometheus/source';
import { ruleGroups } from '../prometheus/status-api';
import { alertsView, rulesView, targetsView, type StatusView } from './status-views';

abstract class ServerStatus extends HTMLElement {
  protected abstract ask(prometheus: Prometheus): Promise<Outcome<StatusView>>;

  connectedCallback(): void {
    void this.load();
  }

  private async load(): Promise<void> {
    const status = element('p', { role: 'status' }, 'Asking the server …');
    this.replaceChildren(status);
    try {
      const outcome = await this.ask(await openSource({ world: 'server', seed: 0, historySeconds: 0 }));
      if (!outcome.ok) throw new Error(outcome.problem.message);
      status.textContent = outcome.data.summary;
      this.append(...outcome.data.sections);
    } catch {
      status.textContent =
        'No Prometheus answers at this address. This page belongs to the server: start it with npm start and open its address.';
    }
    const again = element('button', { type: 'button' }, 'Ask again');
    again.addEventListener('click', () => void this.load());
    this.append(again);
  }
}

function viewed<T>(outcome: Outcome<T>, view: (data: T) => StatusView): Outcome<StatusView> {
  return outcome.ok ? { ...outcome, data: view(outcome.data) } : outcome;
}

class PromenadeTargets extends ServerStatus {
  protected override async ask(prometheus: Prometheus) {
    return viewed(await targets(prometheus), targetsView);
  }
}

class PromenadeRules extends ServerStatus {
  protected override async ask(prometheus: Prometheus) {
    return viewed(await ruleGroups(prometheus), rulesView);
  }
}

class PromenadeAlerts extends ServerStatus {
  protected override async ask(prometheus: Prometheus) {
    return viewed(await ruleGroups(prometheus), alertsView);
  }
}

customElements.define('promenade-targets', PromenadeTargets);
customElements.define('promenade-rules', PromenadeRules);
customElements.define('promenade-alerts', PromenadeAlerts);
