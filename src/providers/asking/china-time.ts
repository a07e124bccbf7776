const HOURS_8 = 8 * 3_600_000;

/** As clocks of China show it: `2026-11-30 14:05:09`. */
export const chinaText = (at: Date): string =>
  new Date(at.getTime() + HOURS_8).toISOString().slice(0, 19).replace('T', ' ');

/** Undefined for what is no such text. */
export function instantOfChina(shown: string | null | undefined): Date | undefined {
  if (!shown || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(shown)) return undefined;
  return new Date(`${shown.replace(' ', 'T')}+08:00`);
}
