/**
 * The dialog of the search: a field, and what Pagefind's index has for it. A page comes with the places in it that
 * fit: lessons with their sections and exercises, functions, misconceptions.
 */
import { element } from '../dom/element';
import { loadStyle } from '../dom/load-style';
import { plural } from '../result/format';
import styleAddress from '../styles/search.css?url';
import { markedParts } from '../text/marked';

/** What is used of Pagefind's interface. */
interface Pagefind {
  options(options: { baseUrl?: string; excerptLength?: number }): Promise<void>;
  debouncedSearch(query: string): Promise<{ results: { data(): Promise<Page> }[] } | null>;
}

interface Place {
  readonly url: string;
  readonly title: string;
  /** HTML with <mark>, as Pagefind makes it. */
  readonly excerpt: string;
  readonly locations: readonly number[];
}

interface Page {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title?: string };
  readonly sub_results: readonly Place[];
}

const pagesMax = 8;
const placesMax = 4;

export async function fillSearch(dialog: HTMLDialogElement, index: string): Promise<void> {
  const input = element('input', {
    type: 'search',
    'aria-label': 'Search the course',
    placeholder: 'A word, a function, an error',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const close = element('button', { type: 'button', class: 'quiet' }, 'Close');
  const said = element('p', { role: 'status' });
  const results = element('ol');
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({ target }) => {
    // On the backdrop, or on a place of the page that is open already.
    if (target === dialog || (target instanceof Element && target.closest('a'))) dialog.close();
  });
  dialog.replaceChildren(element('div', {}, element('div', { class: 'field' }, input, close), said, results));
  await loadStyle(styleAddress);
  const pagefind = load(index);
  input.addEventListener('input', () => {
    void search(pagefind, input.value, said, results);
  });
}

async function load(index: string): Promise<Pagefind> {
  const pagefind = (await import(/* @vite-ignore */ `${index}pagefind.js`)) as Pagefind;
  await pagefind.options({ excerptLength: 18 });
  return pagefind;
}

async function search(
  loading: Promise<Pagefind>,
  query: string,
  said: HTMLElement,
  results: HTMLElement,
): Promise<void> {
  if (query.trim() === '') {
    said.textContent = '';
    results.replaceChildren();
    return;
  }
  let found: Awaited<ReturnType<Pagefind['debouncedSearch']>>;
  try {
    found = await (await loading).debouncedSearch(query);
  } catch {
    said.textContent = 'The search’s index could not be loaded; check the connection.';
    return;
  }
  // Null: something else was typed meanwhile.
  if (!found) return;
  const pages = await Promise.all(found.results.slice(0, pagesMax).map((each) => each.data()));
  const count = found.results.length;
  said.textContent = count === 0 ? `Nothing found for “${query}”.` : `${plural(count, 'page', 'pages')}.`;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  results.replaceChildren(...pages.map((page) => pageItem(page, words)));
}

/** How well a place fits: words in its title first, then how often its text has them. */
function fit({ title, locations }: Place, words: readonly string[]): number {
  const titled = words.filter((word) => title.toLowerCase().includes(word)).length;
  return titled * 1000 + locations.length;
}

function pageItem({ url, excerpt, meta, sub_results: all }: Page, words: readonly string[]): HTMLElement {
  // The top of a page is the page itself.
  const places = all
    .filter((place) => place.url !== url && !place.url.endsWith('#_top'))
    .sort((a, b) => fit(b, words) - fit(a, words))
    .slice(0, placesMax);
  return element(
    'li',
    {},
    element('a', { href: url, class: 'title' }, meta.title ?? url),
    places.length === 0 && element('p', {}, ...marked(excerpt)),
    ...places.map((place) =>
      element(
        'div',
        { class: 'place' },
        element('a', { href: place.url }, place.title),
        element('p', {}, ...marked(place.excerpt)),
      ),
    ),
  );
}

const marked = (excerpt: string) =>
  markedParts(excerpt).map(({ text, isMarked }) => (isMarked ? element('mark', {}, text) : text));
