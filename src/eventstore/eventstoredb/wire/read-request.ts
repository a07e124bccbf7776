import { MessageWriter } from './message-writer.js';
import { sizeOfField, sizeOfNumber } from './sizes.js';

export interface ReadQuery {
  /** Default: the whole log. */
  readonly stream?: string | undefined;
  /** A revision or a position; default: the first event, or the last one backwards. */
  readonly from?: bigint | undefined;
  readonly direction: 'forwards' | 'backwards';
  /** Without it the read goes on with what is appended, from `from` or the end of the log. */
  readonly limit?: number | undefined;
  /** Of streams whose names match alone. */
  readonly only?: StreamFilter | undefined;
}

/**
 * What the server looks for in the whole log, so that the rest need not be sent: what names begin with, or a regular expression. It compares
 * as people do: a text that ends before an accent is not the beginning of the one with it.
 */
export type StreamFilter = { readonly prefixes: readonly string[] } | { readonly pattern: string };

/** A field of the protocol: its number, and a number or the fields in it. */
type Field = readonly [number: number, value: number | bigint | string | readonly Field[]];

/** One question, as the one message of its call. Asked far less often than events come, so it is built in the plainest way. */
export function readRequest({ stream, from, direction, limit, only }: ReadQuery): Buffer {
  const atEnd = limit === undefined || direction === 'backwards';
  const where: Field =
    stream === undefined
      ? [ALL, from === undefined ? [[atEnd ? 3 : 2, NOTHING]] : [[1, position(from)]]]
      : [STREAM, [[1, [[3, stream]]], from === undefined ? [atEnd ? 4 : 3, NOTHING] : [2, from]]];
  const options: readonly Field[] = [
    where,
    ...(direction === 'backwards' ? [[DIRECTION, 1] as const] : []),
    limit === undefined ? [SUBSCRIPTION, NOTHING] : [COUNT, limit],
    only === undefined ? [NO_FILTER, NOTHING] : [FILTER, filter(only)],
    [IDS, [[2, NOTHING]]],
  ];
  const message: readonly Field[] = [[1, options]];
  const writer = new MessageWriter(sizeOf(message));
  write(writer, message);
  return writer.frame;
}

const NOTHING: readonly Field[] = [];

/** Fields of ReadReq.Options. */
const STREAM = 1;
const ALL = 2;
const DIRECTION = 3;
const COUNT = 5;
const SUBSCRIPTION = 6;
const FILTER = 7;
const NO_FILTER = 8;
const IDS = 9;

/** After so many events that were not asked for a read of the server begins its next step, and a subscription says how far it is. */
const SEARCHED_AT_ONCE = 1_000;

/** By stream names; as far as it takes to find what was asked for. */
function filter(only: StreamFilter): readonly Field[] {
  const names: readonly Field[] =
    'pattern' in only ? [[1, only.pattern]] : only.prefixes.map((prefix) => [2, prefix] as const);
  return [
    [1, names],
    [3, SEARCHED_AT_ONCE],
    [5, 1],
  ];
}

const position = (from: bigint): readonly Field[] => [
  [1, from],
  [2, from],
];

const sizeOf = (fields: readonly Field[]): number =>
  fields.reduce((sum, [, value]) => sum + sizeOfValue(value), 0);

function sizeOfValue(value: Field[1]): number {
  if (typeof value === 'number' || typeof value === 'bigint') return 1 + sizeOfNumber(value);
  return sizeOfField(typeof value === 'string' ? Buffer.byteLength(value) : sizeOf(value));
}

function write(writer: MessageWriter, fields: readonly Field[]): void {
  for (const [number, value] of fields) {
    if (typeof value === 'number' || typeof value === 'bigint') writer.number(number, value);
    else if (typeof value === 'string') writer.text(number, value, Buffer.byteLength(value));
    else {
      writer.open(number, sizeOf(value));
      write(writer, value);
    }
  }
}
