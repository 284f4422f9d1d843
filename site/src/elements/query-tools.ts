/** What can be done with a query besides running it: set it well, take a change back, start over, share it. */
import { element } from '../dom/element';

export interface QueryToolActions {
  format(): Promise<string | undefined>;
  undo(): void;
  reset(): void;
  /** The address that brings this state back; missing where there is nothing to share. */
  readonly share: (() => Promise<string>) | undefined;
}

export class QueryTools {
  readonly root = element('div', { class: 'tools', role: 'group', 'aria-label': 'Query tools' });
  private readonly said = element('span', { class: 'said', role: 'status' });

  constructor(private readonly actions: QueryToolActions) {
    const { share } = actions;
    const format = this.button('Format', () => this.format());
    format.setAttribute('aria-keyshortcuts', 'Alt+Shift+F');
    this.root.append(
      format,
      this.button('Undo', () => actions.undo()),
      this.button('Reset', () => actions.reset()),
      ...(share ? [this.button('Copy link', () => this.copy(share))] : []),
      this.said,
    );
  }

  async format(): Promise<void> {
    this.say((await this.actions.format()) ?? '');
  }

  private async copy(share: () => Promise<string>): Promise<void> {
    try {
      const address = await share();
      try {
        await navigator.clipboard.writeText(address);
        this.say('The link is in the clipboard.');
      } catch {
        // Without permission for the clipboard the link is shown, to be copied by hand.
        this.said.replaceChildren(element('a', { href: address }, 'The link to this state'));
      }
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  private say(sentence: string): void {
    this.said.textContent = sentence;
  }

  private button(title: string, act: () => void | Promise<void>): HTMLButtonElement {
    const button = element('button', { type: 'button', class: 'quiet' }, title);
    button.addEventListener('click', () => {
      this.say('');
      void act();
    });
    return button;
  }
}
