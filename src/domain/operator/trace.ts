export const traceKinds = ['login', 'login-failed', 'refused', 'acted'] as const;
export type TraceKind = (typeof traceKinds)[number];

/** Something that an operator, or who said to be one, did or was refused, and that no event tells. */
export interface OperatorTrace {
  readonly kind: TraceKind;
  /** Empty where nobody said one. */
  readonly name: string;
  readonly addressBlock: string;
  /** Of a refusal: its code, and what was missing. Of an act: to whom it was done. Empty for a login. */
  readonly reason: string;
  /** `POST /api/admin/login` */
  readonly route: string;
}

export interface TraceRow extends OperatorTrace {
  readonly id: number;
  /** How often within the hour. */
  readonly times: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface TraceFilter {
  readonly kind?: TraceKind | undefined;
  readonly name?: string | undefined;
  readonly addressBlock?: string | undefined;
}

export interface OperatorTraces {
  note(trace: OperatorTrace, at: Date): Promise<void>;
  /** By rising ids, after one. */
  list(
    filter: TraceFilter,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly TraceRow[]>;
  /** Forgets what is older than ninety days. @returns rows */
  purge(now: Date): Promise<number>;
}
