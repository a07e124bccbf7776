const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  let known = formats.get(timeZone);
  if (!known) {
    // Swedish writes dates as ISO does.
    known = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, known);
  }
  return known;
}

/** `2026-11-28 14:32:09` in a zone. */
export const dateTime = (time: string | number, timeZone: string): string =>
  format(timeZone).format(typeof time === 'number' ? time : new Date(time));

/** `0:48` for what is counted down. */
export const countdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
