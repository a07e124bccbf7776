import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface TabsProps {
  readonly label: string;
  /** Links; the one of the page has `aria-current`. */
  readonly children: ReactNode;
}

/** Pages beside each other. Where not all of them have room, the one that is shown is in view: otherwise a phone says not where one is. */
export function Tabs({ label, children }: TabsProps) {
  const strip = useRef<HTMLElement>(null);
  // At first, and where the window becomes another size; in between it is for whoever looks to scroll.
  useLayoutEffect(() => {
    const nav = strip.current;
    if (!nav) return;
    const observer = new ResizeObserver(() => {
      const current = nav.querySelector<HTMLElement>('[aria-current]');
      if (!current) return;
      nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
    });
    observer.observe(nav);
    return () => observer.disconnect();
  }, []);
  return (
    <nav className="tabs" aria-label={label} ref={strip}>
      {children}
    </nav>
  );
}
