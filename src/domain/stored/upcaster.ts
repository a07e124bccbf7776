/** One step from a stored version of an event to the next: its data as stored, in the next version's shape. Throws what breaks the old shape. */
export interface Upcaster {
  /** Stored name of the next version. */
  readonly to: `${string}.v${number}`;
  upcast(data: unknown): unknown;
}
