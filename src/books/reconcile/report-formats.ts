import { table } from '../../support/table.js';
import { csvOf, jsonOf, type Report } from './reconciliation-report.js';

/** The shapes of a report, by the name that `--report` takes. */
export const reportShapes = { table: tableOf, csv: csvOf, json: jsonOf } as const;

/** How many rows a person is shown; all are in the CSV and in the JSON. */
const SHOWN = 100;

function* tableOf({ facts, totals, columns, rows, isClean }: Report): Generator<string> {
  for (const [name, value] of Object.entries(facts)) yield `${name.padEnd(18)}${value}\n`;
  const [first = {}] = totals;
  yield `\n${table(Object.keys(first), totals)}\n`;
  const differing = rows.filter((row) => row.class !== 'matched');
  if (differing.length > 0) {
    const used = columns.filter((column) =>
      differing.some((row) => row[column] !== '' && row[column] !== null),
    );
    yield `\n${table(used, differing.slice(0, SHOWN))}\n`;
    if (differing.length > SHOWN) yield `and ${differing.length - SHOWN} more\n`;
  }
  yield isClean ? '\nall match\n' : `\ndifferences: ${differing.length.toLocaleString('en-US')}\n`;
}
