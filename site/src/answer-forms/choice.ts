/**
 * An answer that is chosen: one of some options, each that holds, or all of them in an order. The page was built with the
 * options as inputs, or as the items of a list; the answer is their keys, joined by commas. Items are moved by
 * dragging their handle or with the buttons beside it, and each move is announced.
 */
import { element } from '../dom/element';
import type { AnswerForm, FormOptions } from './form';
import { isCheckKey } from './form';

export function openForm(options: FormOptions): AnswerForm {
  const { root, onCheck } = options;
  root.addEventListener('keydown', (event) => {
    if (!isCheckKey(event)) return;
    event.preventDefault();
    onCheck();
  });
  return root.querySelector('ol.order') ? new OrderForm(options) : new PickForm(options);
}

/** The keys in an answer's text, however they are parted. */
export function keysOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((key) => key !== '');
}

class PickForm implements AnswerForm {
  private readonly inputs: HTMLInputElement[];

  constructor({ root, text, onChange }: FormOptions) {
    this.inputs = [...root.querySelectorAll('input')];
    if (text.trim() !== '') this.text = text;
    root.addEventListener('change', () => onChange(this.text));
  }

  get text(): string {
    const chosen = this.inputs.filter(({ checked }) => checked);
    return chosen.map(({ value }) => value).join(', ');
  }

  set text(text: string) {
    const keys = new Set(keysOf(text));
    for (const input of this.inputs) input.checked = keys.has(input.value);
  }

  focus(): void {
    (this.inputs.find(({ checked }) => checked) ?? this.inputs[0])?.focus();
  }

  /** What is chosen has no place inside it that could be wrong. */
  showProblem(): void {}
}

class OrderForm implements AnswerForm {
  private readonly list: HTMLOListElement;
  private readonly said = element('p', { class: 'sr-only', role: 'status' });
  /** As the page was built. */
  private readonly initial: readonly string[];

  constructor(private readonly options: FormOptions) {
    const { root, text } = options;
    this.list = root.querySelector('ol.order')!;
    this.initial = this.items().map(keyOf);
    root.append(this.said);
    for (const item of this.items()) this.equip(item);
    this.text = text;
  }

  get text(): string {
    return this.items().map(keyOf).join(', ');
  }

  /** Keys that are missing keep their order, after the others; none at all is the first order. */
  set text(text: string) {
    const wanted = keysOf(text);
    const keys = [...wanted, ...this.initial.filter((key) => !wanted.includes(key))];
    const byKey = new Map(this.items().map((item) => [keyOf(item), item]));
    this.list.append(...keys.flatMap((key) => byKey.get(key) ?? []));
    this.showEnds();
  }

  focus(): void {
    this.list.querySelector<HTMLButtonElement>('button:not([aria-disabled="true"])')?.focus();
  }

  /** What is chosen has no place inside it that could be wrong. */
  showProblem(): void {}

  private items(): HTMLLIElement[] {
    return [...this.list.querySelectorAll<HTMLLIElement>(':scope > li')];
  }

  private equip(item: HTMLLIElement): void {
    const name = item.textContent.trim();
    const button = (sign: string, title: string, by: -1 | 1) => {
      const made = element('button', { type: 'button', 'aria-label': `${title}: ${name}` }, sign);
      made.addEventListener('click', () => {
        this.move(item, this.items().indexOf(item) + by);
        made.focus();
      });
      return made;
    };
    const handle = element('span', { class: 'handle', 'aria-hidden': 'true' });
    handle.addEventListener('pointerdown', (event) => this.drag(event, item));
    item.prepend(handle);
    item.append(element('span', { class: 'moves' }, button('↑', 'Move up', -1), button('↓', 'Move down', 1)));
  }

  private move(item: HTMLLIElement, to: number): void {
    const items = this.items();
    const from = items.indexOf(item);
    const place = Math.max(0, Math.min(items.length - 1, to));
    if (place === from) return;
    if (place < from) items[place]!.before(item);
    else items[place]!.after(item);
    this.said.textContent = `Now ${place + 1} of ${items.length}.`;
    this.showEnds();
    this.options.onChange(this.text);
  }

  /** The first can't go up, nor the last down; the buttons stay where the focus may be. */
  private showEnds(): void {
    const items = this.items();
    for (const [index, item] of items.entries()) {
      const [up, down] = item.querySelectorAll('button');
      up?.setAttribute('aria-disabled', String(index === 0));
      down?.setAttribute('aria-disabled', String(index === items.length - 1));
    }
  }

  /** The item follows the pointer: it takes the place of the one whose middle is passed. */
  private drag(event: PointerEvent, item: HTMLLIElement): void {
    event.preventDefault();
    // Not the handle: an element that moves in the document loses the pointer.
    this.list.setPointerCapture(event.pointerId);
    item.classList.add('dragged');
    const follow = ({ clientY }: PointerEvent) => {
      const others = this.items().filter((each) => each !== item);
      const above = others.filter((each) => {
        const { top, height } = each.getBoundingClientRect();
        return top + height / 2 < clientY;
      });
      this.move(item, above.length);
    };
    const end = () => {
      item.classList.remove('dragged');
      this.list.removeEventListener('pointermove', follow);
    };
    this.list.addEventListener('pointermove', follow);
    this.list.addEventListener('lostpointercapture', end, { once: true });
  }
}

function keyOf(item: HTMLElement): string {
  return item.dataset['key'] ?? '';
}
