/** <promenade-search>: opens the search, by its button or Ctrl+K; the rest is fetched then. */
class PromenadeSearch extends HTMLElement {
  private filled: Promise<unknown> | undefined;

  connectedCallback(): void {
    const button = this.querySelector('button')!;
    button.disabled = false;
    button.addEventListener('click', () => void this.open());
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const dialog = this.querySelector('dialog')!;
      if (dialog.open) dialog.close();
      else void this.open();
    });
  }

  private async open(): Promise<void> {
    const dialog = this.querySelector('dialog')!;
    this.filled ??= import('./search-view').then(({ fillSearch }) =>
      fillSearch(dialog, this.dataset['index'] ?? '/pagefind/'),
    );
    await this.filled;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('input')?.focus();
  }
}

customElements.define('promenade-search', PromenadeSearch);
