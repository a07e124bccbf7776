/** What a line of server-sent events begins with. */
const FIELDS = ['data:', 'event:', 'id:', 'retry:', ':'];
const LONGEST = Math.max(...FIELDS.map((field) => field.length));

/**
 * Whether an answer begins as server-sent events do, whatever its label says: some upstreams send them as `text/plain`. Undefined: not enough
 * of it has come to tell.
 */
export function beginsAsEvents(bytes: Buffer): boolean | undefined {
  const at = bytes.findIndex((byte) => byte > 0x20);
  if (at === -1) return undefined;
  const start = bytes.toString('latin1', at, at + LONGEST);
  if (FIELDS.some((field) => start.startsWith(field))) return true;
  return FIELDS.some((field) => field.startsWith(start)) ? undefined : false;
}
