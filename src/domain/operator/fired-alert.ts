/** An alert as operators see it: what was told, and what they said of it. */
export interface FiredAlert {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** How often it has begun. */
  readonly occurrence: number;
  readonly raisedAt: Date;
  readonly resolvedAt: Date | undefined;
  readonly resolvedBy: string | undefined;
  /** Undefined: by nobody since it was raised. */
  readonly acknowledged: { readonly by: string; readonly at: Date } | undefined;
  /** Undefined: it is not, or not any more. */
  readonly snoozed: { readonly by: string; readonly until: Date } | undefined;
}
