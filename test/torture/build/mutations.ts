/** A deliberate fault of a build: one snippet of one file is replaced. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** There exactly once. */
  readonly snippet: string;
  readonly replacement: string;
}
