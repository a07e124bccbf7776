import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { SearchBox } from '../../parts/search-box.tsx';
import { DayField } from '../../parts/day-field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { keysQuery } from '../keys/keys-queries.ts';
import { useMyModels } from '../models/pricing-query.ts';
import { type LogsSearch, type LogType, logTypes } from './logs-search.ts';
import { logsTexts } from './logs.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/logs');

/** Which rows are shown; another filter begins at the newest again. */
export function LogFilters() {
  const texts = useTexts(logsTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const models = useMyModels() ?? [];
  const { data: keys = [] } = useQuery(keysQuery);
  const choose = (changed: LogsSearch) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...changed }) });
  const names = new Set(models.map(({ model_name }) => model_name));
  if (search.model !== undefined) names.add(search.model);
  const day = (name: 'from' | 'to') => (
    <DayField label={texts[name]} value={search[name]} onChoose={(day) => choose({ [name]: day })} />
  );
  return (
    <div className="filters">
      <SearchBox
        label={texts.search}
        hint={texts.searchHint}
        value={search.q ?? ''}
        onSearch={(text) => choose({ q: text || undefined })}
      />
      {day('from')}
      {day('to')}
      <Select
        label={texts.type}
        isFilter
        value={search.type ?? ''}
        options={[['', texts.anyType], ...logTypes.map((type) => [type, texts.types[type]] as const)]}
        onChoose={(type) => choose({ type: (type || undefined) as LogType | undefined })}
      />
      <Select
        label={texts.model}
        isFilter
        value={search.model ?? ''}
        options={[['', texts.anyModel], ...[...names].map((name) => [name, name] as const)]}
        onChoose={(model) => choose({ model: model || undefined })}
      />
      <Select
        label={texts.key}
        isFilter
        value={String(search.key ?? '')}
        options={[['', texts.anyKey], ...keys.map(({ token_id, name }) => [String(token_id), name] as const)]}
        onChoose={(key) => choose({ key: key === '' ? undefined : Number(key) })}
      />
    </div>
  );
}
