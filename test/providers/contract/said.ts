import { inspect } from 'node:util';

/** All that a provider's adapter said: what it answered, and what it threw. */
export interface Said {
  readonly words: readonly string[];
  /** The same thing, and whatever comes of it is written down. */
  listened<Thing extends object>(thing: Thing): Thing;
}

/** With everything that a log would show of it: hidden members, causes, stacks, and bytes as text. */
const written = (value: unknown): string =>
  `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })} ${bytesIn(value)}`;

const bytesIn = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value)
        .map((each: unknown) => (each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : ''))
        .join(' ')
    : '';

const actsIn = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((each) => typeof each === 'function');

export function listening(): Said {
  const words: string[] = [];
  const heard = (value: unknown): unknown => {
    if (value instanceof Promise) {
      return value.then(heard, (error: unknown) => {
        words.push(written(error));
        throw error;
      });
    }
    if (actsIn(value)) return listened(value);
    words.push(written(value));
    return value;
  };
  function listened<Thing extends object>(thing: Thing): Thing {
    return new Proxy(thing, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (actsIn(member)) return listened(member);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]): unknown => {
          try {
            return heard(Reflect.apply(member, target, given));
          } catch (error) {
            words.push(written(error));
            throw error;
          }
        };
      },
    });
  }
  return { words, listened };
}
