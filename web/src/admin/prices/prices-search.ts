/** Which list is looked at, as the page's address says it; none is the one in force. */
export interface PricesSearch {
  readonly version?: number | undefined;
}

export const readPricesSearch = ({ version }: Record<string, unknown>): PricesSearch =>
  Number.isSafeInteger(version) && (version as number) > 0 ? { version: version as number } : {};
