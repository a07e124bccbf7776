import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { type Offered, useMyModels } from '../models/pricing-query.ts';
import { usageQuery } from './usage-query.ts';

const DAYS = 14;
const DAY_S = 86_400;
const LENGTH_OF_DAY = 'yyyy-mm-dd'.length;

/** What was spent in the last two weeks by model, by days of the ledger. */
export function useLatestUsage() {
  const zone = useZone();
  const [now] = useState(() => Math.floor(Date.now() / 1000));
  const day = (at: number) => moment(at, zone).slice(0, LENGTH_OF_DAY);
  return useQuery(
    usageQuery({ from: day(now - (DAYS - 1) * DAY_S), to: day(now), interval: 'day', group_by: 'model' }),
  );
}

/** What whoever is signed in may call, what they spend most on first; undefined until it is known. */
export function useUsualModels(): readonly Offered[] | undefined {
  const models = useMyModels();
  const { data: usage, isPending } = useLatestUsage();
  if (!models || isPending) return undefined;
  const used = usage?.series.map(({ key }) => key) ?? [];
  const rank = ({ model_name: name }: Offered) => (used.includes(name) ? used.indexOf(name) : used.length);
  return models.toSorted((one, other) => rank(one) - rank(other));
}
