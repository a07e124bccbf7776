import { DayField } from '../parts/day-field.tsx';
import { partTexts } from '../parts/parts.texts.ts';
import { Select } from '../parts/select.tsx';
import { useTexts } from '../texts.ts';
import { type Measure, measures } from './series.ts';
import type { GroupBy, UsageSearch } from './usage-search.ts';
import { usageTexts } from './usage.texts.ts';

interface UsageFiltersProps {
  readonly search: UsageSearch;
  /** The first and last day that are shown, where the address names none. */
  readonly shown?: { readonly from: string; readonly to: string } | undefined;
  readonly groups: readonly GroupBy[];
  readonly onChange: (search: UsageSearch) => void;
}

/** Days, steps, parts and measure. */
export function UsageFilters({ search, shown, groups, onChange }: UsageFiltersProps) {
  const texts = useTexts(usageTexts);
  const { named } = useTexts(partTexts);
  const choose = (changed: UsageSearch) => onChange({ ...search, ...changed });
  const dayField = (name: 'from' | 'to') => (
    <DayField
      label={texts[name]}
      value={search[name] ?? shown?.[name]}
      onChoose={(day) => choose({ [name]: day })}
    />
  );
  return (
    <div className="filters">
      {dayField('from')}
      {dayField('to')}
      <Select
        label={texts.interval}
        isFilter
        value={search.interval ?? 'day'}
        options={(['day', 'hour'] as const).map((each) => [
          each,
          named(texts.interval, texts.intervals[each]),
        ])}
        onChoose={(interval) => choose({ interval: interval as 'hour' | 'day' })}
      />
      <Select
        label={texts.groupBy}
        isFilter
        value={search.group_by ?? 'model'}
        options={groups.map((each) => [each, named(texts.groupBy, texts.groups[each])])}
        onChoose={(group) => choose({ group_by: group as GroupBy })}
      />
      <Select
        label={texts.measure}
        isFilter
        value={search.measure ?? 'usd'}
        options={measures.map((each) => [each, named(texts.measure, texts.measures[each])])}
        onChoose={(measure) => choose({ measure: measure as Measure })}
      />
    </div>
  );
}
