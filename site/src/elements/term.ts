/**
 * <promenade-term>: a word of the glossary. Its explanation opens while the pointer is on word or explanation,
 * or the keyboard on the word, and closes with Escape. It is moved so that it stays on the page.
 */
class PromenadeTerm extends HTMLElement {
  connectedCallback(): void {
    for (const event of ['pointerenter', 'focusin']) this.addEventListener(event, () => this.open());
    for (const event of ['pointerleave', 'focusout']) this.addEventListener(event, () => this.close());
    this.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.close();
    });
  }

  private open(): void {
    const tooltip = this.querySelector<HTMLElement>('[role="tooltip"]');
    if (!tooltip) return;
    this.dataset['open'] = '';
    tooltip.style.translate = '';
    const { right } = tooltip.getBoundingClientRect();
    const over = right - (document.documentElement.clientWidth - 8);
    if (over > 0) tooltip.style.translate = `${-over}px 0`;
  }

  private close(): void {
    delete this.dataset['open'];
  }
}

customElements.define('promenade-term', PromenadeTerm);
