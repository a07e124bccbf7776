import { getRouteApi } from '@tanstack/react-router';
import { DayField } from '../../parts/day-field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import {
  type BillingSearch,
  type BillingState,
  billingStates,
  type BillingType,
  billingTypes,
} from './billing-search.ts';
import { billingTexts } from './billing.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/billing');

/** Which rows are shown; another filter begins at the newest again. */
export function BillingFilters() {
  const texts = useTexts(billingTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (changed: BillingSearch) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...changed }) });
  const day = (name: 'from' | 'to') => (
    <DayField label={texts[name]} value={search[name]} onChoose={(day) => choose({ [name]: day })} />
  );
  return (
    <div className="filters">
      {day('from')}
      {day('to')}
      <Select
        label={texts.type}
        isFilter
        value={search.kind ?? ''}
        options={[['', texts.anyType], ...billingTypes.map((type) => [type, texts.types[type]] as const)]}
        onChoose={(kind) => choose({ kind: (kind || undefined) as BillingType | undefined })}
      />
      <Select
        label={texts.state}
        isFilter
        value={search.state ?? 'completed'}
        options={billingStates.map((state) => [state, texts.states[state]] as const)}
        onChoose={(state) => choose({ state: state === 'completed' ? undefined : (state as BillingState) })}
      />
    </div>
  );
}
