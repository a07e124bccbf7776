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
    ...stated(tokenId, (p) => `r.account_id = ${accountOfKey(p)}`),
    ...stated(reference, (p) => `(r.request_id = ${p} OR r.reference = ${p})`),
    ...stated(type, (p) => `r.type = ${p}`),
    ...stated(model, (p) => `r.model = ${p}`),
    ...stated(channelId, (p) => `r.channel_id = ${p}`),
    ...stated(group, (p) => `r.group_name = ${p}`),
    ...stated(from, (p) => `r.recorded_at >= ${p}::timestamptz`),
    ...stated(until, (p) => `r.recorded_at < ${p}::timestamptz`),
  ];
}

/** Indexes are by account: a key is of one. */
const accountOfKey = (tokenId: string): string =>
  `(SELECT account_id FROM ${schemaOf('tokens')}.tokens WHERE token_id = ${tokenId})`;

/** The counted days that know of the rows of a filter: of all accounts together, or of one. Undefined where none do. */
export function countedDays({
  accountId,
  tokenId,
  reference,
  channelId,
  group,
}: HistoryFilter): string | undefined {
  if (reference !== undefined) return undefined;
  if (accountId === undefined && tokenId === undefined) return `${schemaOf('statistics')}.daily_traffic`;
  return channelId === undefined && group === undefined ? `${schemaOf('statistics')}.daily_usage` : undefined;
}

/** Conditions on `d`, counted days in the zone `m.zone`. */
export function dayConditions(
  { accountId, tokenId, type, model, channelId, group, from, until }: HistoryFilter,
  parameter: Parameter,
): string {
  const day = (p: string) => `(${p}::timestamptz AT TIME ZONE m.zone)::date`;
  const stated = (value: unknown, condition: (parameter: string) => string): readonly string[] =>
    value === undefined ? [] : [condition(parameter(value))];
  return [
    'true',
    ...stated(accountId, (p) => `d.account_id = ${p}`),
    ...stated(tokenId, (p) => `d.token_id = ${p} AND d.account_id = ${accountOfKey(p)}`),
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
