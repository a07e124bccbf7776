import { schemaOf } from '../runtime/projection.js';
import { storableText } from '../runtime/rows.js';
import type { LogRow } from './log-row.js';

export const LOG = `${schemaOf('usage-log')}.log_rows`;

/** What of everybody's history is asked for. */
export interface HistoryFilter {
  readonly accountId?: string | undefined;
  readonly tokenId?: number | undefined;
  /** Of a call, its request, a payment, a refund or an adjustment. */
  readonly reference?: string | undefined;
  readonly type?: LogRow['type'] | undefined;
  readonly model?: string | undefined;
  readonly channelId?: string | undefined;
  /** By which the price was chosen. */
  readonly group?: string | undefined;
  /** Inclusive and exclusive ends: beginnings of days. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

type Parameter = (value: unknown) => string;

export function parameters(): { readonly values: unknown[]; readonly parameter: Parameter } {
  const values: unknown[] = [];
  return {
    values,
    parameter: (value) => `$${values.push(typeof value === 'string' ? storableText(value) : value)}`,
  };
}

/** Conditions on `r`, rows of the history. */
export function historyConditions(filter: HistoryFilter, parameter: Parameter): readonly string[] {
  const { accountId, tokenId, reference, type, model, channelId, group, from, until } = filter;
  const stated = (value: unknown, condition: (parameter: string) => string): readonly string[] =>
    value === undefined ? [] : [condition(parameter(value))];
  return [
    ...stated(accountId, (p) => `r.account_id = ${p}`),
    ...stated(tokenId, (p) => `r.token_id = ${p}`),
    // The index is by account: a key is of one.
    ...stated(
      tokenId,
      (p) => `r.account_id = (SELECT account_id FROM ${schemaOf('tokens')}.tokens WHERE token_id = ${p})`,
    ),
    ...stated(reference, (p) => `(r.request_id = ${p} OR r.reference = ${p})`),
    ...stated(type, (p) => `r.type = ${p}`),
    ...stated(model, (p) => `r.model = ${p}`),
    ...stated(channelId, (p) => `r.channel_id = ${p}`),
    ...stated(group, (p) => `r.group_name = ${p}`),
    ...stated(from, (p) => `r.recorded_at >= ${p}::timestamptz`),
    ...stated(until, (p) => `r.recorded_at < ${p}::timestamptz`),
  ];
}

/** Whether an index leads to the rows; else the days say where they are. */
export const isNarrow = ({ accountId, tokenId, reference }: HistoryFilter): boolean =>
  accountId !== undefined || tokenId !== undefined || reference !== undefined;

/** Conditions on `d`, days of all accounts together in the zone `m.zone`. */
export function dayConditions(
  { type, model, channelId, group, from, until }: HistoryFilter,
  parameter: Parameter,
): string {
  const day = (p: string) => `(${p}::timestamptz AT TIME ZONE m.zone)::date`;
  const stated = (value: unknown, condition: (parameter: string) => string): readonly string[] =>
    value === undefined ? [] : [condition(parameter(value))];
  return [
    'true',
    ...stated(type, (p) => `d.type = ${p}`),
    ...stated(model, (p) => `d.model = ${p}`),
    ...stated(channelId, (p) => `d.channel_id = ${p}`),
    ...stated(group, (p) => `d.group_name = ${p}`),
    ...stated(from, (p) => `d.day >= ${day(p)}`),
    ...stated(until, (p) => `d.day < ${day(p)}`),
  ].join(' AND ');
}

/** As `m`: how far the days are counted, and the zone in which they begin. */
export const COUNTING = `m AS MATERIALIZED (
  SELECT position, split_part(version, ':', 2) AS zone FROM projection_checkpoints WHERE projection = 'statistics' AND slot = 'live')`;
