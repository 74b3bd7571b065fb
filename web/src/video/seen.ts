import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Whether an element can be seen at all: not scrolled away, nor in a tab behind another one. */
export function useSeen(element: RefObject<Element | null>): boolean {
  const [in_view, setInView] = useState(false);
  const [in_front, setInFront] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last) setInView(last.isIntersecting);
    });
    observer.observe(element.current);
    const onTab = (): void => setInFront(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', onTab);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', onTab);
    };
  }, []);
  return in_view && in_front;
}
