/** The first that is found: each browser also names those before it. */
const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'] as const;
const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
const SYSTEMS = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS X', 'Linux'] as const;

/** "Firefox, Linux" of a User-Agent; its first word where it names none that is known. */
export function browserName(agent: string): string {
  const browser = BROWSERS.find((name) => agent.includes(`${name}/`));
  if (!browser) return agent.split(' ')[0] || '–';
  const system = SYSTEMS.find((name) => agent.includes(name));
  return [NAMES[browser] ?? browser, system].filter(Boolean).join(', ');
}
