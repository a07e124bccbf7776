import { faultOf, idOrNone } from '../tabular/cells.js';
import { fieldsOf, misfit, nameIn, type Places, placesIn, wantedColumns } from '../tabular/columns.js';
import { readRows, WrongFile } from '../tabular/tabular-file.js';
import { layoutsOf, type ProviderFormat } from './formats.js';
import { isCash } from './cash-records.js';
import type { Frame, Layout, ProviderRecord } from './provider-record.js';

export interface ProviderRow extends ProviderRecord {
  readonly line: number;
}

export interface ProviderFile {
  readonly title: string;
  readonly sha256: string;
  readonly rows: readonly ProviderRow[];
  /** Rows that move no money of a customer: fees, payouts, failed attempts. */
  readonly passedOver: number;
}

export interface ProviderFileOptions {
  readonly format: ProviderFormat;
  /** Of times that carry none. */
  readonly timezone: string;
  /** A column that has our payment id, before the provider's own: `payment_metadata[order]`. */
  readonly idColumn: string | undefined;
  /** Whether fees and payouts are read as well. */
  readonly withCash?: boolean | undefined;
}

/** The whole file, each row checked. @throws WrongFile with the line, at the first that is not as the layout says */
export async function readProviderFile(path: string, options: ProviderFileOptions): Promise<ProviderFile> {
  const { format, timezone, idColumn, withCash = false } = options;
  const reading = new Reading(path, layoutsOf(format, timezone), { idColumn, withCash });
  // WeChat's bills know no quotes.
  const quote = format === 'wechat' ? false : '"';
  let sha256 = '';
  for await (const { cells, line } of readRows(path, { quote, onDigest: (digest) => (sha256 = digest) }))
    reading.take(cells, line);
  return { ...reading.end(), sha256 };
}

interface Table {
  readonly layout: Layout;
  readonly header: readonly string[];
  readonly places: Places;
  readonly idPlace: number | undefined;
}

class Reading {
  private readonly rows: ProviderRow[] = [];
  private readonly frame: Frame | undefined;
  private table: Table | undefined;
  private all = 0;
  private payments = 0;
  private passedOver = 0;

  constructor(
    private readonly path: string,
    private readonly layouts: readonly Layout[],
    private readonly wanted: { readonly idColumn: string | undefined; readonly withCash: boolean },
  ) {
    this.frame = layouts[0]?.frame?.();
  }

  take(cells: readonly string[], line: number): void {
    if (this.frame?.take(cells)) return;
    if (this.table) this.takeRow(this.table, this.table.layout.cells?.(cells) ?? cells, line);
    else this.table = this.readHeader(cells, line);
  }

  private takeRow({ layout, header, places, idPlace }: Table, cells: readonly string[], line: number): void {
    const fault = misfit(cells, header.length);
    if (fault !== undefined) throw new WrongFile(this.path, line, fault);
    const parsed = layout.schema.safeParse(fieldsOf(places, cells));
    if (!parsed.success)
      throw new WrongFile(
        this.path,
        line,
        faultOf(parsed.error, (field) => nameIn(places, field)),
      );
    this.frame?.row?.((column) => cells[header.indexOf(column)]);
    this.all += 1;
    const records = this.wanted.withCash ? parsed.data : parsed.data.filter((record) => !isCash(record));
    if (records.length === 0) this.passedOver += 1;
    if (parsed.data[0]?.kind === 'payment') this.payments += 1;
    const ours = idPlace === undefined ? null : idOrNone.parse(cells[idPlace]);
    for (const record of records) this.keep(record, ours, line);
  }

  private keep(record: ProviderRecord, ours: string | null, line: number): void {
    const paymentIds = ours === null || isCash(record) ? record.paymentIds : [ours, ...record.paymentIds];
    if (paymentIds.length + record.refundIds.length === 0)
      throw new WrongFile(this.path, line, `the ${record.kind} has no id`);
    this.rows.push({ ...record, paymentIds, line });
  }

  private readHeader(cells: readonly string[], line: number): Table {
    const { idColumn } = this.wanted;
    for (const layout of this.layouts) {
      const header = cells.map((cell) => layout.columnName?.(cell) ?? cell.trim());
      const places = placesIn(header, layout.columns, layout.required);
      if (!places) continue;
      const idPlace = idColumn === undefined ? undefined : header.indexOf(idColumn);
      if (idPlace === -1) throw new WrongFile(this.path, line, `it has no column ${idColumn}`);
      return { layout, header, places, idPlace };
    }
    const wanted = this.layouts.map(
      ({ title, columns, required }) => `${title}: ${wantedColumns(columns, required)}`,
    );
    throw new WrongFile(this.path, line, `this is not the header of a ${wanted.join('; nor of a ')}`);
  }

  end(): Omit<ProviderFile, 'sha256'> {
    if (!this.table) throw new WrongFile(this.path, undefined, 'it has no header');
    const fault = this.frame?.fault({ all: this.all, payments: this.payments });
    if (fault !== undefined) throw new WrongFile(this.path, undefined, fault);
    return { title: this.table.layout.title, rows: this.rows, passedOver: this.passedOver };
  }
}
