/** What a person's and an operator's page ask of the API about the second factor. Each throws an ApiFailure. */
export interface FactorDesk {
  /** Of the query that says how it stands. */
  readonly key: readonly string[];
  readonly standing: (
    signal: AbortSignal,
  ) => Promise<{ readonly enabled: boolean; readonly recovery_codes_left: number }>;
  readonly prove: (password: string) => Promise<void>;
  readonly begin: () => Promise<BegunTotp>;
  readonly confirm: (code: string) => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
  readonly renew: () => Promise<readonly string[]>;
}

export interface BegunTotp {
  readonly secret: string;
  readonly uri: string;
}
