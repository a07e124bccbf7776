/** A device as the page shows it. */
export interface ShownPasskey {
  readonly id: string;
  readonly name: string;
  readonly second_step: boolean;
  readonly created_at: number;
  readonly used_at: number | null;
}

/** What a person's and an operator's page ask of the API about passkeys. Each throws an ApiFailure. */
export interface PasskeyDesk {
  /** Of the query that lists them. */
  readonly key: readonly string[];
  readonly list: (
    signal: AbortSignal,
  ) => Promise<{ readonly available: boolean; readonly passkeys: readonly ShownPasskey[] }>;
  readonly prove: (password: string) => Promise<void>;
  /** Also throws a DOMException where the person leaves it. */
  readonly add: (name: string) => Promise<void>;
  /** @returns recovery codes, where it is the first that is asked for after the password */
  readonly ask: (id: string, afterPassword: boolean) => Promise<readonly string[]>;
  readonly remove: (id: string) => Promise<void>;
}
