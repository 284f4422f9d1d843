/**
 * <promenade-lab>: a sandbox beside the text, or, where there is no room for both, one of them at a time. What
 * is out of sight keeps its state and its place. Queries in the text become links to it.
 */
import { element } from '../dom/element';
import { PromenadeSandbox } from './sandbox';

type Part = 'text' | 'lab';

class PromenadeLab extends HTMLElement {
  private shown: Part = 'text';
  private readonly scrolled: Record<Part, number> = { text: 0, lab: 0 };

  connectedCallback(): void {
    this.querySelector('[data-part="start"]')?.addEventListener('click', () => {
      void this.sandbox?.open().then((view) => view.focus());
    });
    for (const button of this.toggles()) {
      button.addEventListener('click', () => this.show(button.dataset['show'] === 'lab' ? 'lab' : 'text'));
    }
    for (const code of document.querySelectorAll<HTMLElement>('.sl-markdown-content code')) {
      if (!code.closest('.not-content, pre, a, dfn') && isQuery(code.textContent)) this.link(code);
    }
  }

  private get sandbox(): PromenadeSandbox | undefined {
    const sandbox = this.querySelector('promenade-sandbox');
    return sandbox instanceof PromenadeSandbox ? sandbox : undefined;
  }

  private toggles(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>('.lab-toggle button')];
  }

  private link(code: HTMLElement): void {
    const link = element('a', { href: '#lab', class: 'to-lab', title: 'Open in the lab' });
    code.replaceWith(link);
    link.append(code);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.openQuery(code.textContent);
    });
  }

  private openQuery(query: string): void {
    this.show('lab');
    this.sandbox?.setQuery(query);
    void this.sandbox?.open().then((view) => view.focus());
  }

  /** On a wide page both are in view whatever is chosen here. */
  private show(part: Part): void {
    if (part === this.shown) return;
    this.scrolled[this.shown] = scrollY;
    this.shown = part;
    document.documentElement.dataset['shown'] = part;
    for (const button of this.toggles()) {
      button.setAttribute('aria-pressed', String(button.dataset['show'] === part));
    }
    if (getComputedStyle(this.querySelector('.lab-toggle')!).display !== 'none') {
      scrollTo({ top: this.scrolled[part], behavior: 'instant' });
    }
  }
}

/**
 * Whether code in the text is a whole query and not a name or a piece of one. The engine has the last word:
 * what is none after all shows its error in the lab.
 */
export function isQuery(code: string): boolean {
  if (!/^[a-z_:{(-]/i.test(code) || /…|\.\.\./.test(code) || !/[({[]/.test(code)) return false;
  if (/^\w+\(\)?$|\(\)$/.test(code) && code !== 'time()') return false;
  const open: string[] = [];
  const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' };
  for (const sign of code.replaceAll(/"[^"]*"|'[^']*'/g, '')) {
    if ('({['.includes(sign)) open.push(sign);
    else if (sign in pairs && open.pop() !== pairs[sign]) return false;
  }
  return open.length === 0;
}

customElements.define('promenade-lab', PromenadeLab);
