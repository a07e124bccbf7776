import type pg from 'pg';
import { IANAZone } from 'luxon';
import { type Decimal, parseDecimal, ZERO } from '../../domain/money/decimal.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { parsePeriod } from '../../support/period.js';
import { detectFormat, type ProviderFormat, zoneOfFormat } from './psp/formats.js';
import { reconcileProvider } from './psp/reconcile-provider.js';
import type { Report } from './reconciliation-report.js';
import { openUsageFile } from './upstream/read-usage-file.js';
import { reconcileUpstream } from './upstream/reconcile-upstream.js';

/** Someone else's file, as a person asks for it to be laid beside the ledger. All texts as they were typed. */
export interface ReconciliationRequest {
  /** A payment provider's file, or the usage that an upstream billed. */
  readonly against: 'psp' | 'upstream';
  readonly path: string;
  /** upstream: more files of the same period, as the cost beside the usage. */
  readonly morePaths?: readonly string[] | undefined;
  readonly from: string;
  readonly to: string;
  /** IANA name; default: the provider's or the upstream's own, else the ledger's. */
  readonly tz?: string | undefined;
  /** psp: by the file's header when absent. */
  readonly format?: ProviderFormat | undefined;
  /** psp: `CNY=0.1389`. */
  readonly rate: readonly string[];
  readonly tolerance?: string | undefined;
  readonly prefix: readonly string[];
  readonly idColumn?: string | undefined;
  /** psp: whose fees and payouts are compared, too. */
  readonly provider?: string | undefined;
  /** upstream. */
  readonly channel: readonly string[];
  readonly byDay: boolean;
  /** upstream: the totals by channel and model. */
  readonly byChannel: boolean;
  /** upstream: `theirs=ours`. */
  readonly model: readonly string[];
}

/** What a reconciliation reads; `onProgress` is told of events of the log read so far. */
export interface ReconciliationSources {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly onProgress?: (events: number) => void;
}

/**
 * Checks the request before anything is read of the ledger.
 * @returns the reconciliation, which the caller runs when the read models are there
 * @throws RangeError that a person can read; WrongFile
 */
export async function prepareReconciliation(
  request: ReconciliationRequest,
  ledgerTimezone: string,
): Promise<(sources: ReconciliationSources) => Promise<Report>> {
  if (request.against === 'psp') return prepareProvider(request, ledgerTimezone);
  const asked = zoneOf(request.tz);
  const files = await Promise.all([request.path, ...(request.morePaths ?? [])].map(openUsageFile));
  const own = files.map(({ layout }) => layout.timezone).find((zone) => zone !== undefined);
  const timezone = asked ?? own ?? ledgerTimezone;
  const upstream = {
    files,
    period: { ...periodOf(request, timezone), timezone },
    channels: request.channel,
    byDay: request.byDay,
    byChannel: request.byChannel,
    models: new Map(request.model.map((text) => pairOf('--model', text, 'gpt-4o-2024-08-06=gpt-4o'))),
  };
  return ({ store, pool, onProgress = () => undefined }) =>
    reconcileUpstream({ store, db: pool }, { ...upstream, onProgress });
}

async function prepareProvider(request: ReconciliationRequest, ledgerTimezone: string) {
  const { path, idColumn, prefix, tolerance, provider: cashOf } = request;
  const format = request.format ?? (await detectFormat(path));
  const timezone = zoneOf(request.tz) ?? zoneOfFormat[format] ?? ledgerTimezone;
  const provider = {
    path,
    format,
    timezone,
    period: periodOf(request, timezone),
    idColumn,
    prefixes: prefix,
    provider: cashOf,
    rates: new Map(request.rate.map(rateOf)),
    tolerance: tolerance === undefined ? ZERO : positive('--tolerance', tolerance),
  };
  return ({ pool }: ReconciliationSources): Promise<Report> => reconcileProvider(pool, provider);
}

function periodOf(
  request: ReconciliationRequest,
  timezone: string,
): { readonly from: Date; readonly to: Date } {
  const { from, to } = parsePeriod(request.from, request.to, timezone);
  if (!from || !to) throw new RangeError('--from and --to are needed');
  return { from, to };
}

function zoneOf(name: string | undefined): string | undefined {
  if (name !== undefined && !IANAZone.isValidZone(name))
    throw new RangeError(`--tz: ${name} is no time zone`);
  return name;
}

function pairOf(option: string, text: string, example: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new RangeError(`${option}: ${text} is not of the form ${example}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `CNY=0.1389` as currency and dollars for one unit of it. @throws RangeError that a person can read */
export function rateOf(text: string): readonly [string, Decimal] {
  const [currency, rate] = pairOf('--rate', text, 'CNY=0.1389');
  return [currency.toUpperCase(), positive('--rate', rate)];
}

function positive(option: string, text: string): Decimal {
  const value = parseDecimal(text);
  if (!value || value.unscaled <= 0n) throw new RangeError(`${option}: ${text} is no amount above 0`);
  return value;
}
