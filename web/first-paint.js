// Before the first paint, so that no page flashes in another theme or speaks another language first. What people chose is kept by
// src/preferences.ts.
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage is off: the system decides.
    }
  };
  const theme = kept('counterfoil.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const language = kept('counterfoil.language') || navigator.language || 'en';
  root.lang = /^zh/i.test(language) ? 'zh-CN' : 'en';
})();
