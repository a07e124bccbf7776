import { z } from 'zod';

/** Figures that are told of when they reach `raise_at`, and that are over when they are back at `resolve_at`. */
export const figureAlerts = {
  /** Seconds that the slowest read models are behind the log. */
  'tables-behind': { severity: 'critical', raise_at: 60, resolve_at: 10 },
  /** Seconds since the oldest message of the outbox is due. */
  'messages-late': { severity: 'warning', raise_at: 900, resolve_at: 60 },
  /** Messages of the outbox of which every attempt failed. */
  'messages-dead': { severity: 'warning', raise_at: 1, resolve_at: 0 },
  /** Mails that were given up within a day. */
  'mails-failed': { severity: 'warning', raise_at: 1, resolve_at: 0 },
  /** Of the newest calls within ten minutes, how many in a hundred failed. */
  'calls-failing': { severity: 'critical', raise_at: 50, resolve_at: 20 },
  /** Charges whose report could not be believed, and which nobody has settled. */
  'doubts-open': { severity: 'warning', raise_at: 1, resolve_at: 0 },
} as const;
export type FigureAlert = keyof typeof figureAlerts;

/** States that come and go by themselves, and have no figure. */
const stateAlerts = {
  'ledger-stopped': { severity: 'critical' },
  'reaction-stopped': { severity: 'critical' },
  'wrong-log': { severity: 'critical' },
  'channel-out-of-use': { severity: 'warning' },
  'channel-key-out-of-use': { severity: 'warning' },
  'payment-claimed': { severity: 'warning' },
  'books-disagree': { severity: 'critical' },
  'transparency-log': { severity: 'critical' },
  'anchor-lost': { severity: 'warning' },
  'anchor-contradicts': { severity: 'critical' },
} as const;

export type AlertKind = FigureAlert | keyof typeof stateAlerts;
export const alertKinds = [...Object.keys(stateAlerts), ...Object.keys(figureAlerts)] as AlertKind[];

const figure = z.int().min(0).max(1_000_000_000);
const severity = z.enum(['warning', 'critical']);

const rule = z.object({
  /** False: it is seen in Admin, and nobody is told. */
  told: z.boolean(),
  raise_at: figure.optional(),
  resolve_at: figure.optional(),
});

const receiver = z.object({
  kind: z.enum(['mail', 'webhook']),
  /** What is less grave is not told to it. */
  least: severity,
  on: z.boolean(),
});

/** What operators are told of, and who is: addresses and secrets are kept beside the log. */
export const alertTerms = z.object({
  /** By kind; those that are not named are as they come. */
  rules: z.record(z.string(), rule),
  /** By name. */
  receivers: z.record(z.string(), receiver),
});
export type AlertTerms = z.infer<typeof alertTerms>;
export type AlertReceiver = z.infer<typeof receiver>;

export const firstAlertTerms: AlertTerms = { rules: {}, receivers: {} };

/** `log` is the one that is always told. */
export const receiverName = z.string().regex(/^(?!log$)[a-z0-9][a-z0-9-]{0,39}$/);
const MOST_RECEIVERS = 20;

const kind = z.enum(alertKinds as [AlertKind, ...AlertKind[]]);

/** As a caller must write it. */
export const alertTermsInput = z.strictObject({
  rules: z.partialRecord(kind, rule.strict()).superRefine((rules, context) => {
    for (const name of alertKinds) {
      const fault = faultOf(name, rules[name]);
      if (fault) context.addIssue({ code: 'custom', path: [name], message: fault });
    }
  }),
  receivers: z
    .record(receiverName, receiver.strict())
    .refine((named) => Object.keys(named).length <= MOST_RECEIVERS, `at most ${MOST_RECEIVERS} receivers`),
});

function faultOf(name: AlertKind, said: z.infer<typeof rule> | undefined): string | undefined {
  if (!said) return undefined;
  if (!isFigure(name))
    return said.raise_at === undefined && said.resolve_at === undefined
      ? undefined
      : 'has no figure: it is told of or not';
  const { raise_at, resolve_at } = ruleOf({ rules: { [name]: said }, receivers: {} }, name);
  return resolve_at !== undefined && raise_at !== undefined && resolve_at < raise_at
    ? undefined
    : 'resolve_at must be below raise_at, so that nothing flaps';
}

export const isFigure = (name: string): name is FigureAlert => Object.hasOwn(figureAlerts, name);

export interface AlertRule {
  readonly kind: AlertKind;
  readonly severity: 'warning' | 'critical';
  readonly told: boolean;
  /** Undefined where it has no figure. */
  readonly raise_at: number | undefined;
  readonly resolve_at: number | undefined;
}

/** What holds of one kind: what was said of it, and else how it comes. */
export function ruleOf({ rules }: AlertTerms, name: AlertKind): AlertRule {
  const said = rules[name];
  if (!isFigure(name))
    return {
      kind: name,
      severity: stateAlerts[name].severity,
      told: said?.told ?? true,
      raise_at: undefined,
      resolve_at: undefined,
    };
  const first = figureAlerts[name];
  return {
    kind: name,
    severity: first.severity,
    told: said?.told ?? true,
    raise_at: said?.raise_at ?? first.raise_at,
    resolve_at: said?.resolve_at ?? first.resolve_at,
  };
}

/** Whether a receiver is to be told of what is so grave, and nobody has said that it is not to be told of. */
export const isToldOf = (
  terms: AlertTerms,
  { on, least }: AlertReceiver,
  { kind: name, severity: grave }: { readonly kind: string; readonly severity: string },
): boolean => on && (least === 'warning' || grave === 'critical') && (terms.rules[name]?.told ?? true);
