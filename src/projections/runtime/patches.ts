/** A row as the events of one batch leave it: whole when one of them made it, else only what they changed. */
export interface Patch<Row> {
  readonly created: boolean;
  readonly row: Partial<Row>;
}

/** Folds the events of a batch by row, so that a row is written once however often it changed. */
export class Patches<Row extends object> {
  private readonly rows = new Map<string | number, Patch<Row>>();

  create(key: string | number, row: Row): void {
    this.rows.set(key, { created: true, row });
  }

  change(key: string | number, change: Partial<Row>): void {
    const earlier = this.rows.get(key);
    this.rows.set(key, { created: earlier?.created ?? false, row: { ...earlier?.row, ...change } });
  }

  /** What the events so far made of a row. */
  of(key: string | number): Partial<Row> | undefined {
    return this.rows.get(key)?.row;
  }

  created(): readonly Partial<Row>[] {
    return [...this.rows.values()].filter(({ created }) => created).map(({ row }) => row);
  }

  changed(): readonly Partial<Row>[] {
    return [...this.rows.values()].filter(({ created }) => !created).map(({ row }) => row);
  }
}
