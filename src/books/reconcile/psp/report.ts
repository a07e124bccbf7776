import { cashKinds } from '../../../domain/cash/events.js';
import { add, type Decimal, formatDecimal, negate, ZERO } from '../../../domain/money/decimal.js';
import { eachInTurns, mapInTurns, sortInTurns } from '../../../support/turns.js';
import type { Report, ReportRow } from '../reconciliation-report.js';
import { type Finding, findingClasses } from './finding.js';

const columns = [
  'class',
  'kind',
  'payment_id',
  'refund_id',
  'external_user_id',
  'line',
  'provider_time',
  'provider_amount',
  'currency',
  'provider_usd',
  'ledger_time',
  'ledger_usd',
  'difference_usd',
  'note',
];

/** Findings in a fixed order with their totals. */
export async function reportOf(findings: readonly Finding[], facts: Report['facts']): Promise<Report> {
  return {
    facts,
    columns,
    totals: await totalsOf(findings),
    rows: await sortInTurns(await mapInTurns(findings, rowOf), byClassAndPlace),
    isClean: findings.every((finding) => finding.class === 'matched'),
  };
}

const ledgerUsd = ({ ledger }: Finding) => ledger.reduce((sum, { amountUsd }) => add(sum, amountUsd), ZERO);
const providerUsd = ({ provider }: Finding) => provider?.usd ?? ZERO;

function rowOf(finding: Finding): ReportRow {
  const { provider, ledger } = finding;
  const [booked] = ledger;
  const named = (values: readonly (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].join(' ');
  return {
    class: finding.class,
    kind: finding.kind,
    payment_id: booked ? named(ledger.map(({ paymentId }) => paymentId)) : (provider?.paymentIds[0] ?? ''),
    refund_id: booked ? named(ledger.map(({ refundId }) => refundId)) : (provider?.refundIds[0] ?? ''),
    external_user_id: booked ? named(ledger.map(({ externalUserId }) => externalUserId)) : '',
    line: provider?.line ?? null,
    provider_time: provider?.at.toISOString() ?? '',
    provider_amount: provider ? formatDecimal(provider.amount) : '',
    currency: provider?.currency ?? '',
    provider_usd: provider ? formatDecimal(provider.usd) : '',
    ledger_time: ledger.at(-1)?.at.toISOString() ?? '',
    ledger_usd: booked ? formatDecimal(ledgerUsd(finding)) : '',
    difference_usd: formatDecimal(difference(finding)),
    note: finding.note,
  };
}

/** What the provider has more than we. */
const difference = (finding: Finding): Decimal => add(providerUsd(finding), negate(ledgerUsd(finding)));

async function totalsOf(findings: readonly Finding[]): Promise<readonly ReportRow[]> {
  const sums = new Map<string, { count: number; provider: Decimal; ledger: Decimal }>();
  const keyOf = (each: string, kind: string) => `${each} ${kind}`;
  await eachInTurns(findings, (finding) => {
    const key = keyOf(finding.class, finding.kind);
    const { count, provider, ledger } = sums.get(key) ?? { count: 0, provider: ZERO, ledger: ZERO };
    sums.set(key, {
      count: count + 1,
      provider: add(provider, providerUsd(finding)),
      ledger: add(ledger, ledgerUsd(finding)),
    });
  });
  const kinds = ['payment', 'refund', 'reversal', 'unknown', ...cashKinds] as const;
  return findingClasses.flatMap((each) =>
    kinds.flatMap((kind) => {
      const of = sums.get(keyOf(each, kind));
      if (!of) return [];
      const { count, provider, ledger } = of;
      return [
        {
          ...{ class: each, kind, count },
          provider_usd: formatDecimal(provider),
          ledger_usd: formatDecimal(ledger),
          difference_usd: formatDecimal(add(provider, negate(ledger))),
        },
      ];
    }),
  );
}

const sortKeys = ['kind', 'provider_time', 'ledger_time', 'payment_id', 'refund_id', 'line'] as const;

function byClassAndPlace(a: ReportRow, b: ReportRow): number {
  const rank = (row: ReportRow) => (findingClasses as readonly unknown[]).indexOf(row.class);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  for (const key of sortKeys) {
    const [left, right] = [a[key] ?? '', b[key] ?? ''];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
