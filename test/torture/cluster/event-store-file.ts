import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { StoredEvent } from '../../support/eventstoredb-stand-in/log.js';

/** One line an append: its events, together or not at all. A line that a kill -9 cut short was never acknowledged. */
export function appendTo(path: string): (events: readonly StoredEvent[]) => void {
  const file = openSync(path, 'a');
  process.once('exit', () => closeSync(file));
  return (events) => void writeSync(file, lineOf(events));
}

export function readEventFile(path: string): readonly StoredEvent[] {
  const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).split('\n');
  // What follows the last line break is no whole line.
  return lines.slice(0, -1).flatMap((line) => (line === '' ? [] : parseLine(line)));
}

/** So that a line that was cut short does not spoil the next one. */
export function rewriteEventFile(path: string, events: readonly StoredEvent[]): void {
  writeFileSync(path, events.map((event) => lineOf([event])).join(''));
}

/** The log as a copy from before it was deleted has it: a place is not given again, so that something of the server's own takes it. */
export function takeBackTombstone(path: string, stream: string): void {
  const events = readEventFile(path).map((event) =>
    event.stream === stream && event.type === '$streamDeleted'
      ? { ...event, stream: `$taken-back-${event.position}`, revision: 0n, type: '$statsCollected' }
      : event,
  );
  rewriteEventFile(path, events);
}

const lineOf = (events: readonly StoredEvent[]): string =>
  `${JSON.stringify(
    events.map(({ data, metadata, revision, position, ...rest }) => ({
      ...rest,
      revision: revision.toString(),
      position: position.toString(),
      data: Buffer.from(data).toString('base64'),
      metadata: Buffer.from(metadata).toString('base64'),
    })),
  )}\n`;

function parseLine(line: string): StoredEvent[] {
  const parsed = JSON.parse(line) as (Record<'revision' | 'position' | 'data' | 'metadata', string> &
    Omit<StoredEvent, 'revision' | 'position' | 'data' | 'metadata'>)[];
  return parsed.map((event) => ({
    ...event,
    revision: BigInt(event.revision),
    position: BigInt(event.position),
    data: Buffer.from(event.data, 'base64'),
    metadata: Buffer.from(event.metadata, 'base64'),
  }));
}
