import type { BoundEndpoint } from '../endpoint.js';
import { failureRows } from './responses.js';
import { refusalTable } from '../refusals.js';
import type { RefusalCode } from '../../domain/refusal.js';
import { relayErrorCodes } from '../../relay/errors.js';

interface Code {
  readonly statuses: Set<number>;
  readonly texts: Set<string>;
  readonly operations: Set<string>;
}

/** The page of every code that a caller can meet, from the rows that the OpenAPI document is made of, and for the relay from its one table. */
export function errorCodesPage(endpoints: readonly BoundEndpoint[]): string {
  const codes = new Map<string, Code>();
  for (const endpoint of endpoints)
    for (const [status, code, text] of failureRows(endpoint)) {
      const found: Code = codes.get(code) ?? { statuses: new Set(), texts: new Set(), operations: new Set() };
      codes.set(code, found);
      found.statuses.add(status);
      found.texts.add(text);
      found.operations.add(endpoint.operationId);
    }
  const rows = [...codes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, found]) => row(code, found, endpoints.length));
  const relayRows = relayErrorCodes().map(([code, statuses]) => `| \`${code}\` | ${statuses.join(', ')} |`);
  return `# Error codes

A code stays what it is; messages are for people, in Chinese or, with \`Accept-Language: en\`, in English. What follows a colon in a message
differs from case to case. This page is generated (\`npm run generate:openapi\`).

## The API

| code | status | message | in English | where |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## The relay

Each dialect puts them where its clients look for them.

| code | status |
| --- | --- |
${relayRows.join('\n')}
`;
}

/** Where it can happen; a code of more than a third of all operations belongs to no few of them. */
function row(code: string, { statuses, texts, operations }: Code, all: number): string {
  const english = Object.hasOwn(refusalTable, code) ? refusalTable[code as RefusalCode][2] : '';
  const where =
    operations.size * 3 > all ? `${operations.size} of ${all} operations` : [...operations].sort().join(', ');
  const cells = [`\`${code}\``, [...statuses].sort().join(', '), [...texts].join('; '), english, where];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
