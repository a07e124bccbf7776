import { getRouteApi } from '@tanstack/react-router';
import { SearchField } from '../../parts/search-field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import type { PersonKey } from './keys-queries.ts';
import { type KeyState, keyStates } from './keys-search.ts';
import { keysTexts } from './keys.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/keys');

/** Which keys are shown. */
export function KeyFilters({ keys }: { readonly keys: readonly PersonKey[] }) {
  const texts = useTexts(keysTexts);
  const { q = '', state = '', model = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const named = [...new Set([...keys.flatMap(({ models }) => models), ...(model === '' ? [] : [model])])];
  return (
    <div className="filters">
      <SearchField
        label={texts.search}
        hint={texts.searchHint}
        value={q}
        onType={(text) =>
          void navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true })
        }
      />
      <Select
        label={texts.state}
        isFilter
        value={state}
        options={[['', texts.anyState], ...keyStates.map((each) => [each, texts.states[each]] as const)]}
        onChoose={(chosen) =>
          void navigate({
            search: (before) => ({ ...before, state: (chosen || undefined) as KeyState | undefined }),
          })
        }
      />
      {named.length > 0 && (
        <Select
          label={texts.model}
          isFilter
          value={model}
          options={[['', texts.anyModel], ...named.toSorted().map((each) => [each, each] as const)]}
          onChoose={(chosen) =>
            void navigate({ search: (before) => ({ ...before, model: chosen || undefined }) })
          }
        />
      )}
    </div>
  );
}
