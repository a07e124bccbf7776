import { useSyncExternalStore } from 'react';

// What a person chose of theme and language. It stands on the root element, where first-paint.js put it before anything was painted,
// and is kept by the browser alone.

export type Language = 'en' | 'zh';
export type Theme = 'system' | 'light' | 'dark';

const root = document.documentElement;
const listeners = new Set<() => void>();

function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The language of the page, outside of components. */
export const language = (): Language => (root.lang.startsWith('zh') ? 'zh' : 'en');

export const useLanguage = (): Language => useSyncExternalStore(subscribe, language);

export function chooseLanguage(chosen: Language): void {
  root.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  keep('counterfoil.language', root.lang);
}

const theme = (): Theme => (root.dataset.theme as Theme | undefined) ?? 'system';

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);

export function chooseTheme(chosen: Theme): void {
  if (chosen === 'system') delete root.dataset.theme;
  else root.dataset.theme = chosen;
  keep('counterfoil.theme', root.dataset.theme);
}

/** Whether the page is dark now, be it by choice or by the system. */
export const isDark = (): boolean =>
  theme() === 'dark' || (theme() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
