const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DATA = 'data:';

/** End of the first frame at or after `from`; the bytes hold whole frames only. */
export function endOfNextFrame(bytes: Buffer, from: number): number {
  let feed = bytes.indexOf(LINE_FEED, from);
  while (feed !== -1) {
    if (endsFrame(bytes, feed, from)) return feed + 1;
    feed = bytes.indexOf(LINE_FEED, feed + 1);
  }
  return bytes.length;
}

/** Start of the frame that `at` lies in; the first frame begins at `from`. */
export function startOfFrame(bytes: Buffer, at: number, from: number): number {
  let feed = bytes.lastIndexOf(LINE_FEED, at);
  while (feed > from) {
    if (endsFrame(bytes, feed, from)) return feed + 1;
    feed = bytes.lastIndexOf(LINE_FEED, feed - 1);
  }
  return from;
}

/** Whether the line that ends with this feed is blank; a frame begins at `from`. */
function endsFrame(bytes: Buffer, feed: number, from: number): boolean {
  const end = bytes[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
  return end <= from || bytes[end - 1] === LINE_FEED;
}

/** The data of a frame: its `data:` lines joined; empty for comments and other fields. */
export function dataOf(frame: Buffer): string {
  const text = frame.toString('utf8');
  let data = '';
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith(DATA)) continue;
    const value =
      line.charCodeAt(DATA.length) === 0x20 ? line.slice(DATA.length + 1) : line.slice(DATA.length);
    data = data ? `${data}\n${value}` : value;
  }
  return data;
}

/** The JSON object in a frame's data, also with spaces before it; undefined for anything else. */
export function payloadOf(data: string): Record<string, unknown> | undefined {
  if (!data.startsWith('{') && !data.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** JSON without any framing, which is how some upstreams send an error in a stream; empty for anything else. */
export function bareJson(frame: Buffer): string {
  const text = frame.toString('utf8').trim();
  return text.startsWith('{') || text.startsWith('[') ? text : '';
}
