/**
 * The query as a tree (the tree pattern of the ARIA Authoring Practices): one tab stop; up and down move,
 * right opens or goes in, left closes or goes out, Home and End go to the ends, letters to the next node
 * that begins with them, Enter makes the node the root.
 */
import { element, phrase, svg } from '../dom/element';
import type { ExplainNode, Explanation } from '../engine/explain';
import { uniqueId } from '../dom/element';
import { excerpt, flatten, seriesOf, yieldOf } from './model';
import { sparkline } from './sparkline';

export interface TreeInput {
  readonly query: string;
  /** Over time, for the sparklines. */
  readonly overTime: Explanation;
  /** At one moment, for everything else. */
  readonly atMoment: Explanation;
  readonly start: number;
  readonly end: number;
  readonly moment: number;
}

export class TreeView {
  readonly root = element('ul', { class: 'explain-tree', role: 'tree', 'aria-label': 'Parts of the query' });
  private input: TreeInput | undefined;
  private readonly closed = new Set<number>();
  private rootId = 0;
  private selectedId = 0;

  constructor(
    private readonly onSelect: (id: number) => void,
    private readonly onRoot: (id: number) => void,
  ) {
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('click', (event) => this.onClick(event));
  }

  get selected(): number {
    return this.selectedId;
  }

  show(input: TreeInput, root: number, selected: number): void {
    this.input = input;
    this.rootId = root;
    this.selectedId = selected;
    this.draw();
  }

  private draw(): void {
    const { input } = this;
    if (!input) return;
    const hadFocus = this.root.contains(document.activeElement);
    const { nodes } = input.atMoment;
    const rows = flatten(nodes, this.rootId, (id) => !this.closed.has(id));
    this.root.replaceChildren(...rows.map((row) => this.row(input, row)));
    if (hadFocus) this.item(this.selectedId)?.focus();
  }

  private row(
    input: TreeInput,
    { node, depth, index, count }: ReturnType<typeof flatten>[number],
  ): HTMLElement {
    const { query, atMoment, overTime, start, end, moment } = input;
    const [nameId, readingId, yieldId] = [uniqueId('node'), uniqueId('reading'), uniqueId('yield')];
    const isSelected = node.id === this.selectedId;
    const item = element(
      'li',
      {
        role: 'treeitem',
        'data-id': node.id,
        'data-status': node.status,
        tabindex: isSelected ? 0 : -1,
        'aria-level': depth + 1,
        'aria-posinset': index + 1,
        'aria-setsize': count,
        'aria-selected': String(isSelected),
        'aria-expanded': node.children.length > 0 ? String(!this.closed.has(node.id)) : undefined,
        'aria-labelledby': `${nameId} ${yieldId} ${readingId}`,
      },
      element(
        'span',
        { class: 'node-name' },
        node.children.length > 0 && twisty(),
        element('code', { id: nameId }, excerpt(query, node, atMoment.nodes)),
        hasRemarks(node) && element('span', { class: 'remark-sign' }, 'remark'),
      ),
      element('span', { class: 'node-reading', id: readingId }, ...phrase(node.reading)),
      element('span', { class: 'node-yield', id: yieldId }, yieldOf(node)),
    );
    item.style.setProperty('--depth', String(depth));
    const over = overTime.nodes[node.id];
    const series = over ? seriesOf(over) : [];
    item.append(
      series.length > 0 ? sparkline(series, start, end, moment) : element('span', { class: 'sparkline' }),
    );
    return item;
  }

  private item(id: number): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(`[data-id="${id}"]`);
  }

  private select(id: number, focus = true): void {
    this.selectedId = id;
    for (const item of this.root.querySelectorAll<HTMLElement>('[role="treeitem"]')) {
      const isSelected = Number(item.dataset['id']) === id;
      item.setAttribute('aria-selected', String(isSelected));
      item.tabIndex = isSelected ? 0 : -1;
    }
    if (focus) this.item(id)?.focus();
    this.onSelect(id);
  }

  private toggle(id: number, open: boolean): void {
    if (open) this.closed.delete(id);
    else this.closed.add(id);
    // What is selected has to stay in view.
    const visible = flatten(this.input!.atMoment.nodes, this.rootId, (each) => !this.closed.has(each));
    if (!visible.some(({ node }) => node.id === this.selectedId)) this.select(id);
    this.draw();
  }

  private onClick({ target }: MouseEvent): void {
    const item = target instanceof Element ? target.closest<HTMLElement>('[role="treeitem"]') : null;
    if (!item || !(target instanceof Element)) return;
    const id = Number(item.dataset['id']);
    if (target.closest('.twisty')) this.toggle(id, this.closed.has(id));
    else this.select(id);
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.input || event.altKey || event.ctrlKey || event.metaKey) return;
    const { nodes } = this.input.atMoment;
    const rows = flatten(nodes, this.rootId, (id) => !this.closed.has(id));
    const at = rows.findIndex(({ node }) => node.id === this.selectedId);
    const current = rows[at]?.node;
    if (!current) return;
    const to = (index: number) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (row) this.select(row.node.id);
    };
    const isOpen = current.children.length > 0 && !this.closed.has(current.id);
    const moves: Record<string, () => void> = {
      ArrowDown: () => to(at + 1),
      ArrowUp: () => to(at - 1),
      Home: () => to(0),
      End: () => to(rows.length - 1),
      ArrowRight: () => (isOpen ? to(at + 1) : this.toggle(current.id, true)),
      ArrowLeft: () => {
        if (isOpen) this.toggle(current.id, false);
        else if (current.parent !== undefined && current.id !== this.rootId) this.select(current.parent);
      },
      Enter: () => this.onRoot(current.id),
      ' ': () => this.select(current.id),
    };
    const move = moves[event.key] ?? this.typeAhead(event.key, rows, at);
    if (!move) return;
    event.preventDefault();
    move();
  }

  private typeAhead(key: string, rows: ReturnType<typeof flatten>, at: number): (() => void) | undefined {
    if (!/^[a-z]$/i.test(key)) return undefined;
    const ahead = [...rows.slice(at + 1), ...rows.slice(0, at)];
    const { query, atMoment } = this.input!;
    const found = ahead.find(({ node }) =>
      excerpt(query, node, atMoment.nodes).toLowerCase().startsWith(key.toLowerCase()),
    );
    return found && (() => this.select(found.node.id));
  }
}

function twisty(): SVGElement {
  return svg(
    'svg',
    { class: 'twisty', viewBox: '0 0 12 12', width: 24, height: 24, 'aria-hidden': 'true' },
    svg('path', { d: 'M4.5 3l3 3-3 3' }),
  );
}

export function hasRemarks(node: ExplainNode): boolean {
  return node.status === 'evaluated' && (node.warnings ?? []).length + (node.infos ?? []).length > 0;
}
