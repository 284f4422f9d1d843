/** ARIA tabs: one tab stop, arrow keys between tabs, the panel of the chosen one shown. */
import { element, uniqueId } from '../dom/element';

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly panel: HTMLElement;
}

export class Tabs<Name extends string> {
  readonly list: HTMLElement;
  private readonly buttons: HTMLButtonElement[];

  constructor(
    label: string,
    private readonly tabs: readonly Tab<Name>[],
    private chosen: Name,
    /** Called with the tab that was chosen, and the one that was left. */
    private readonly onChoose: (name: Name, left: Name) => void,
  ) {
    this.buttons = tabs.map((tab) => this.button(tab));
    this.list = element('div', { role: 'tablist', 'aria-label': label }, ...this.buttons);
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    this.show();
  }

  get current(): Name {
    return this.chosen;
  }

  private button({ name, title, panel }: Tab<Name>): HTMLButtonElement {
    const id = uniqueId('tab');
    panel.id = uniqueId('panel');
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    const button = element('button', { type: 'button', role: 'tab', id, 'aria-controls': panel.id }, title);
    button.addEventListener('click', () => this.choose(name));
    return button;
  }

  private choose(name: Name): void {
    if (name === this.chosen) return;
    const left = this.chosen;
    this.chosen = name;
    this.show();
    this.onChoose(name, left);
  }

  private show(): void {
    for (const [index, { name, panel }] of this.tabs.entries()) {
      const selected = name === this.chosen;
      panel.hidden = !selected;
      this.buttons[index]!.setAttribute('aria-selected', String(selected));
      this.buttons[index]!.tabIndex = selected ? 0 : -1;
    }
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.tabs.length - 1;
    const at = this.tabs.findIndex(({ name }) => name === this.chosen);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + this.tabs.length) % this.tabs.length;
    this.choose(this.tabs[index]!.name);
    this.buttons[index]!.focus();
  }
}
