/** A session as a page shows it. */
export interface ShownSession {
  readonly id: string;
  readonly current: boolean;
  readonly method: string;
  /** Who handed the person over. */
  readonly via: string | null;
  readonly address_block: string;
  readonly agent: string;
  readonly created_at: number;
  readonly seen_at: number;
}

/** What a person's and an operator's page ask of the API about sessions. Each throws an ApiFailure. */
export interface SessionDesk {
  /** Of the query that lists them. */
  readonly key: readonly string[];
  readonly list: (signal: AbortSignal) => Promise<readonly ShownSession[]>;
  readonly end: (id: string) => Promise<unknown>;
  /** How many were ended. Absent where they are another one's. */
  readonly endOthers?: () => Promise<number>;
}
