/** Calls back once, when the element is nearly in view or the learner reaches into it. */
export function whenNear(target: HTMLElement, callback: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) open();
    },
    { rootMargin: '300px' },
  );
  const open = () => {
    observer.disconnect();
    target.removeEventListener('focusin', open);
    callback();
  };
  target.addEventListener('focusin', open);
  observer.observe(target);
}
