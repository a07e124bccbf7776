/** Field of a schema -> the names its column goes by, the first that is there wins. */
export type ColumnNames = Readonly<Record<string, readonly string[]>>;

/** Field -> place in the row, and what the column is called in this file. */
export type Places = readonly (readonly [field: string, column: number, name: string])[];

/** Where a header has the fields; undefined when a required one is not there. */
export function placesIn(
  header: readonly string[],
  columns: ColumnNames,
  required: readonly string[],
): Places | undefined {
  const places = Object.entries(columns).flatMap(([field, names]) => {
    const name = names.find((each) => header.includes(each));
    return name === undefined ? [] : [[field, header.indexOf(name), name] as const];
  });
  return required.every((field) => places.some(([found]) => found === field)) ? places : undefined;
}

/** The fields of a row as text. */
export const fieldsOf = (places: Places, cells: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(places.map(([field, column]) => [field, cells[column]]));

/** The column's name of a field. */
export const nameIn = (places: Places, field: string): string | undefined =>
  places.find(([each]) => each === field)?.[2];

/** Why a row does not fit its header; undefined when it does. Some writers end each row with a comma. */
export function misfit(cells: readonly string[], width: number): string | undefined {
  const fits = cells.length >= width && cells.slice(width).every((cell) => cell.trim() === '');
  return fits ? undefined : `${cells.length} cells under ${width} columns`;
}

/** For an error: which columns were wanted. */
export const wantedColumns = (columns: ColumnNames, required: readonly string[]): string =>
  required.map((field) => columns[field]?.join(' or ')).join(', ');
