/** <promenade-try>: buttons that put another query into the sandbox named by data-for. */
import { PromenadeSandbox } from './sandbox';

class PromenadeTry extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const sandbox = document.getElementById(this.dataset['for'] ?? '');
      if (!button || !(sandbox instanceof PromenadeSandbox)) return;
      sandbox.setQuery(button.dataset['query'] ?? '');
    });
  }
}

customElements.define('promenade-try', PromenadeTry);
