import type { PutRight } from '../compose/put-log-right.js';
import type { RebuildResult } from '../projections/runtime/rebuild.js';
import type { RebuildProgress } from '../projections/runtime/status.js';
import { table } from './output.js';

/** The tables were equal, or what was asked for was done in spite of it. */
export const succeeded = ({ equal, swapped }: RebuildResult): boolean => equal === true || swapped;

/** Place, rate and the time still to go. The rate counts from the first report on: a resumed rebuild does not begin at 0. */
export function describeProgress(): (progress: RebuildProgress) => string {
  let first: RebuildProgress | undefined;
  return (progress) => {
    first ??= progress;
    const { projection, position, head, events, elapsedMs } = progress;
    const seconds = elapsedMs / 1000;
    const share = head > 0n ? Number((100n * position) / head) : 100;
    const rate = Math.round(events / Math.max(seconds, 0.001));
    const line = `${projection}: ${share} %, ${events.toLocaleString('en-US')} events, ${rate.toLocaleString('en-US')}/s`;
    const passed = Number(position - first.position);
    if (passed <= 0) return line;
    const left = (Number(head - position) * (elapsedMs - first.elapsedMs)) / passed / 1000;
    return `${line}, ${Math.ceil(left)} s to go`;
  };
}

/** One line when a projection is done. */
export function describeResult({ projection, events, position, equal, swapped }: RebuildResult): string {
  const found = equal === undefined ? 'of another version' : equal ? 'equal' : 'DIFFERENT';
  const done = swapped ? 'swapped in' : equal === false ? 'the live tables stay' : 'thrown away';
  return `${projection}: ${events.toLocaleString('en-US')} events applied, ${found} at position ${position}, ${done}`;
}

/** Both digests of every table. */
export function reportRebuilds(results: readonly RebuildResult[]): string {
  const rows = results.flatMap(({ projection, tables }) =>
    tables.map(({ live, next }) => ({
      projection,
      table: live.table,
      rows: live.rows,
      'new rows': next.rows,
      digest: live.digest,
      'new digest': next.digest,
      equal: live.rows === next.rows && live.digest === next.digest ? 'yes' : 'NO',
    })),
  );
  const columns = ['projection', 'table', 'rows', 'new rows', 'digest', 'new digest', 'equal'];
  return [...(rows.length > 0 ? [table(columns, rows), ''] : []), lastLine(results)].join('\n');
}

function lastLine(results: readonly RebuildResult[]): string {
  const count = (holds: (result: RebuildResult) => boolean) => results.filter(holds).length;
  return `${results.length} rebuilt: ${count(({ equal }) => equal === true)} equal, ${count(({ equal }) => equal === false)} different, ${count(({ swapped }) => swapped)} swapped in`;
}

/** What of a log was put right, and where to look at what stood there. */
export function describePutRight({ wrong, places, writtenAt, kept, events }: PutRight): string {
  const count = (number: number): string => number.toLocaleString('en-US');
  const rows = places.map(({ position, what, type, stream }) => ({
    position: String(position),
    what,
    type,
    stream,
  }));
  const more = wrong > places.length ? [`and ${count(wrong - places.length)} more`] : [];
  return [
    `the log was put right from the backup of ${writtenAt}; it has ${count(events)} events. Places that were not what they had been: ${count(wrong)}`,
    table(['position', 'what', 'type', 'stream'], rows),
    ...more,
    `the log as it was is kept as ${kept}`,
  ].join('\n');
}
