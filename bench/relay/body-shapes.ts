import { bodyBounds } from '../../src/relay/dialects/json/scan.js';

type Shape = () => Buffer;

/** Bodies of so many bytes that are dear to read, as far as JSON allows, and of an ordinary kind beside them. */
export function shapesOf(bytes: number): Readonly<Record<string, Shape>> {
  return { ...unbounded(bytes), ...lastThatPass(bytes), ...longTexts(bytes) };
}

const MESSAGE = '"messages":[{"role":"user","content":"Hello"}]';
const START = `{"model":"gpt-test",${MESSAGE}`;

function filled(bytes: number, open: string, unit: (at: number) => string, close: string): Buffer {
  const parts = [open];
  for (let length = open.length, at = 0; length < bytes; at++) {
    const next = unit(at);
    parts.push(next);
    length += Buffer.byteLength(next);
  }
  return Buffer.from(parts.join('') + close);
}

/** Far beyond the bounds of the scan. */
function unbounded(bytes: number): Record<string, Shape> {
  return {
    'a million members of its own': () => filled(bytes, START, (at) => `,"name${at}":1`, '}'),
    'a million names': () => filled(bytes, `${START},"x":{"n":1`, (at) => `,"name${at}":1`, '}}'),
    'names in many objects': () => filled(bytes, `${START},"x":[0`, (at) => `,{"n${at}":1}`, ']}'),
    'empty objects': () => filled(bytes, `${START},"x":[0`, () => ',{}', ']}'),
    'empty lists': () => filled(bytes, `${START},"x":[0`, () => ',[]', ']}'),
    'deep brackets': () => filled(bytes, `${START},"x":`, () => '[', ''),
    'one number': () => filled(bytes, `${START},"x":1`, () => '1', '}'),
    'small numbers': () => filled(bytes, `${START},"x":[0`, () => ',1', ']}'),
    'a name twice and more': () => filled(bytes, `${START},"x":{"n":1`, () => ',"a":1', '}}'),
  };
}

/** As dear as the scan lets pass, the rest of the bytes in a text. */
function lastThatPass(bytes: number): Record<string, Shape> {
  const rest = (body: string) => {
    const open = `${body.slice(0, -1)},"rest":"`;
    return filled(bytes, open, () => 'word '.repeat(200), '"}');
  };
  const many = (count: number, unit: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => unit(at)).join('');
  const { containers, names, members, ownMembers, values } = bodyBounds;
  return {
    'as many of its own as pass': () => rest(`${START}${many(ownMembers - 3, (at) => `,"name${at}":1`)}}`),
    'as many names as pass': () =>
      rest(`${START},"x":{"n":1${many(names + 900, (at) => `,"name${at}":1`)}}}`),
    'as many objects as pass': () => rest(`${START},"x":[0${many(containers - 10, () => ',{}')}]}`),
    'as many members as pass': () =>
      rest(`${START},"x":[0${many(members / 4 - 10, () => ',{"a":1,"b":2,"c":3,"d":4}')}]}`),
    'as many values as pass': () => rest(`${START},"x":[0${many(values - members, () => ',1')}]}`),
    'as many values in a message': () =>
      rest(`${START.slice(0, -2)},"x":[0${many(values - members, () => ',1')}]}]}`),
  };
}

function longTexts(bytes: number): Record<string, Shape> {
  const text = (unit: string) => () =>
    filled(bytes, '{"model":"gpt-test","messages":[{"role":"user","content":"', () => unit, '"}]}');
  return {
    prose: text('The quick brown fox jumps over the lazy dog. '.repeat(20)),
    Chinese: text('模型名称与价格。'.repeat(50)),
    'escaped quotes': text('\\"'),
    'escaped characters': text('\\u4f60'),
    'a long conversation': () =>
      filled(
        bytes,
        '{"model":"gpt-test","messages":[{"role":"user","content":"Hello"}',
        (at) => `,{"role":"user","content":[{"type":"text","text":"turn ${at} ${'word '.repeat(200)}"}]}`,
        ']}',
      ),
  };
}
