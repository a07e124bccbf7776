import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, onceOnly } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { count } from '../../format/numbers.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, SkeletonTable, Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { keepSecret } from '../../session/fresh-secret.ts';
import { useTexts } from '../../texts.ts';
import { FreshKey } from './fresh-key.tsx';
import { KeyActDialog } from './key-acts.tsx';
import { bodyOf, NEW_KEY } from './key-draft.ts';
import { KeyFilters } from './key-filters.tsx';
import { KeyForm } from './key-form.tsx';
import { keyFormTexts } from './key-form.texts.ts';
import { type AskedKeyAct, type KeyAct, KeyRow } from './key-row.tsx';
import { type FreshKey as Fresh, freshOf, keysQuery, type PersonKey } from './keys-queries.ts';
import { keysTexts } from './keys.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/keys');

const LAST = 8;
const useColumns = (): readonly Column[] =>
  useTexts(keysTexts).columns.map((name, index) => ({
    name,
    isFigure: index === 2 || index === 3,
    isHidden: index === LAST,
  }));

/** The keys of a person, and all that is done with them. */
export function KeysPage() {
  const texts = useTexts(keysTexts);
  const columns = useColumns();
  const keys = useQuery(keysQuery);
  const navigate = route.useNavigate();
  const [chosen, setChosen] = useState<{ readonly key: PersonKey; readonly act: AskedKeyAct }>();
  const [fresh, setFresh] = useState<Fresh>();
  const killing = useKilling();
  const show = (made: Fresh | null) => {
    if (made === null) return say(texts.shownBefore);
    keepSecret(made.token_id, made.secret);
    setFresh(made);
  };
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} actions={<CreateButton />} />
      <FormFailure error={killing.error} fields={[]} />
      <section className="card">
        <KeyFilters keys={keys.data ?? []} />
        <Loaded
          query={keys}
          skeleton={<SkeletonTable className="two-lines" label={texts.title} columns={columns} rows={4} />}
        >
          {(all) => (
            <Keys
              all={all}
              onAct={(key, act) => (act === 'disable' ? killing.kill(key) : setChosen({ key, act }))}
            />
          )}
        </Loaded>
      </section>
      <div className="banner">
        <Icon name="info" />
        <p>{texts.once}</p>
      </div>
      <NewKey
        onFresh={(made) => {
          void navigate({ search: (before) => ({ ...before, create: undefined }), replace: true });
          show(made);
        }}
      />
      {chosen && (
        <KeyActDialog of={chosen.key} act={chosen.act} onFresh={show} onClose={() => setChosen(undefined)} />
      )}
      {fresh && <FreshKey fresh={fresh} onClose={() => setFresh(undefined)} />}
    </>
  );
}

/** Disables a key at once; what is said of it can take it back. */
function useKilling() {
  const texts = useTexts(keysTexts);
  const { mutate, error } = useMutation({
    mutationFn: ({ key, state }: { readonly key: PersonKey; readonly state: 'enabled' | 'disabled' }) =>
      answer(api.PATCH('/api/user/keys/{id}', { params: { path: { id: key.token_id } }, body: { state } })),
    onSuccess: (_, { key, state }) => {
      if (state === 'enabled') say(texts.done.enable);
      else
        say(texts.done.disable(key.name), {
          name: texts.undo,
          act: () => mutate({ key, state: 'enabled' }),
        });
      return queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  return { error, kill: (key: PersonKey) => mutate({ key, state: 'disabled' }) };
}

function CreateButton() {
  const texts = useTexts(keysTexts);
  const navigate = route.useNavigate();
  return (
    <button
      className="button primary"
      type="button"
      onClick={() => void navigate({ search: (before) => ({ ...before, create: true }), replace: true })}
    >
      <Icon name="plus" />
      {texts.create}
    </button>
  );
}

/** Where the address says so: "Create key" of other pages leads here too. */
function NewKey({ onFresh }: { readonly onFresh: (fresh: Fresh | null) => void }) {
  const { create } = route.useSearch();
  if (!create) return null;
  return <NewKeyForm onFresh={onFresh} />;
}

function NewKeyForm({ onFresh }: { readonly onFresh: (fresh: Fresh | null) => void }) {
  const texts = useTexts(keyFormTexts);
  const navigate = route.useNavigate();
  // Sent again after no answer, it is the same key.
  const [once] = useState(onceOnly);
  return (
    <KeyForm
      title={texts.create}
      action={texts.create}
      initial={NEW_KEY}
      save={async (draft) => {
        const body = bodyOf(draft);
        const { data } = await answer(api.POST('/api/user/keys', { body, ...once }));
        return freshOf(data, body.models);
      }}
      onSaved={onFresh}
      onClose={() => void navigate({ search: (before) => ({ ...before, create: undefined }), replace: true })}
    />
  );
}

interface KeysProps {
  readonly all: readonly PersonKey[];
  readonly onAct: (key: PersonKey, act: KeyAct) => void;
}

function Keys({ all, onAct }: KeysProps) {
  const texts = useTexts(keysTexts);
  const columns = useColumns();
  const zone = useZone();
  const { q = '', state, model } = route.useSearch();
  const shown = all
    .filter(({ name, key }) => `${name} ${key}`.toLowerCase().includes(q.toLowerCase()))
    .filter((key) => state === undefined || key.state === state)
    .filter(({ models }) => model === undefined || models.length === 0 || models.includes(model));
  if (shown.length === 0) return <Nothing hasAny={all.length > 0} />;
  return (
    <>
      <Table className="two-lines" label={texts.title} columns={columns}>
        {shown.map((key) => (
          <KeyRow key={key.token_id} of={key} onAct={(act) => onAct(key, act)} />
        ))}
      </Table>
      <div className="table-foot">
        <span className="num">
          {texts.shown(count(shown.length), count(shown.filter((key) => key.state === 'enabled').length))}
        </span>
        <span className="meta">{texts.times(zone)}</span>
      </div>
    </>
  );
}

function Nothing({ hasAny }: { readonly hasAny: boolean }) {
  const texts = useTexts(keysTexts);
  const navigate = route.useNavigate();
  return (
    <div className="empty">
      <p>{hasAny ? texts.noneFound : texts.none}</p>
      <div className="actions">
        {hasAny ? (
          <button className="button" type="button" onClick={() => void navigate({ search: {} })}>
            {texts.clear}
          </button>
        ) : (
          <button
            className="button"
            type="button"
            onClick={() => void navigate({ search: { create: true }, replace: true })}
          >
            {texts.create}
          </button>
        )}
      </div>
    </div>
  );
}
