/**
 * <promenade-shell>: commands of a lesson, and a shell to run them in. Until it comes near, and without JavaScript,
 * it is the readable list of commands that the page was built with; the world starts with the first command.
 */
import { whenNear } from '../dom/when-near';

class PromenadeShell extends HTMLElement {
  connectedCallback(): void {
    whenNear(this, () => {
      void import('./shell-view').then(({ openShell }) => openShell(this));
    });
  }
}

customElements.define('promenade-shell', PromenadeShell);
