import { faultOf } from '../tabular/cells.js';
import { fieldsOf, misfit, nameIn, type Places, placesIn, wantedColumns } from '../tabular/columns.js';
import { readRows, WrongFile } from '../tabular/tabular-file.js';
import { anthropicCost, anthropicUsage } from './anthropic.js';
import type { BilledUsage, UsageLayout } from './billed-usage.js';
import { openaiCost, openaiUsage } from './openai.js';
import { type Measures, units } from './units.js';
import { usageTable } from './usage-table.js';

const layouts = [openaiUsage, openaiCost, anthropicUsage, anthropicCost, usageTable];

/** A file whose header is known. */
export interface UsageFile {
  readonly path: string;
  readonly layout: UsageLayout;
  readonly measures: Measures;
  /** Whether its rows are calls that upstream gave ids. */
  readonly namesRequests: boolean;
}

interface Header {
  readonly layout: UsageLayout;
  readonly places: Places;
  readonly measures: Measures;
  readonly width: number;
}

/** @throws WrongFile when the header is none that is known, with those that are */
export async function openUsageFile(path: string): Promise<UsageFile> {
  for await (const { cells, line } of readRows(path, { quote: '"' })) {
    const { layout, measures, places } = readHeader(path, line, cells);
    return { path, layout, measures, namesRequests: nameIn(places, 'requestId') !== undefined };
  }
  throw new WrongFile(path, undefined, 'it has no header');
}

/** The rows one at a time, each checked. @throws WrongFile with the line, at the first that is wrong */
export async function* readUsageFile(
  { path }: UsageFile,
  timezone: string,
  onDigest: (sha256: string) => void,
): AsyncGenerator<BilledUsage> {
  let header: Header | undefined;
  let schema: ReturnType<UsageLayout['schema']> | undefined;
  for await (const { cells, line } of readRows(path, { quote: '"', onDigest })) {
    if (!header || !schema) {
      header = readHeader(path, line, cells);
      schema = header.layout.schema(timezone, header.measures);
      continue;
    }
    const { places, width } = header;
    const fault = misfit(cells, width);
    if (fault !== undefined) throw new WrongFile(path, line, fault);
    const parsed = schema.safeParse(fieldsOf(places, cells));
    if (!parsed.success)
      throw new WrongFile(
        path,
        line,
        faultOf(parsed.error, (field) => nameIn(places, field)),
      );
    for (const row of parsed.data) yield { ...row, line };
  }
}

function readHeader(path: string, line: number, cells: readonly string[]): Header {
  const header = cells.map((cell) => cell.trim());
  for (const layout of layouts) {
    const places = placesIn(header, layout.columns, layout.required);
    const measures = places && layout.measuresIn(places);
    if (places && measures) return { layout, places, measures, width: header.length };
  }
  throw new WrongFile(path, line, `this is not the header of a ${known()}`);
}

function known(): string {
  const { title, columns, required } = usageTable;
  const wanted = wantedColumns(columns, [...required, 'promptTokens', 'completionTokens']);
  const others = layouts
    .filter((layout) => layout !== usageTable)
    .map((layout) => `${layout.title}: ${wantedColumns(layout.columns, layout.required)}`);
  return [`${title}: ${wanted}; or ${units.join(', ')} instead of tokens`, ...others].join('; nor of an ');
}
