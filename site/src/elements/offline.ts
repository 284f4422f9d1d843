/** Keeps the site for later, once the page has what it needs now. A page without HTTPS does without. */
import { withBase } from '../text/address';

if ('serviceWorker' in navigator) {
  addEventListener('load', () => {
    const base = withBase(import.meta.env.BASE_URL, '/');
    navigator.serviceWorker.register(`${base}sw.js`, { scope: base }).catch(() => {
      // Refused by the browser or its settings: the course needs its network then.
    });
  });
}
