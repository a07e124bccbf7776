import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { DraftCard } from './draft-card.tsx';
import { EditPrice } from './edit-price.tsx';
import { Groups } from './groups.tsx';
import { ImportList } from './import-list.tsx';
import { type Draft, draftOf, pricesQuery, type List, versionQuery } from './price-queries.ts';
import { PriceTable } from './price-table.tsx';
import { pricesTexts } from './prices.texts.ts';
import { Versions } from './versions.tsx';

const route = getRouteApi('/_admin/admin/prices');

const skeleton = (
  <section className="card">
    <SkeletonLines lines={9} />
  </section>
);

/** What calls cost: the list in force, a draft and what it would change, and every list that was. */
export function PricesPage() {
  const { version } = route.useSearch();
  const [draft, setDraft] = useState<Draft>();
  return version === undefined ? (
    <InForce draft={draft} onDraft={setDraft} />
  ) : (
    <OldList version={version} onDraft={setDraft} />
  );
}

interface InForceProps {
  readonly draft: Draft | undefined;
  readonly onDraft: (draft: Draft | undefined) => void;
}

function InForce({ draft, onDraft }: InForceProps) {
  const texts = useTexts(pricesTexts);
  const prices = useQuery(pricesQuery);
  const mayWrite = useMay()('prices:write');
  const [act, setAct] = useState<'add' | 'import'>();
  const close = () => setAct(undefined);
  const list = prices.data && { base: prices.data.version, ...prices.data, ...draft };
  const change = async (next: List) => onDraft(await draftOf({ base: list?.base ?? 0, ...next }));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={prices.data && texts.lead(count(prices.data.version))}
        actions={
          mayWrite && (
            <>
              <button className="button" type="button" onClick={() => setAct('import')}>
                {texts.import}
              </button>
              <button className="button" type="button" onClick={() => setAct('add')}>
                <Icon name="plus" />
                {texts.add}
              </button>
            </>
          )
        }
      />
      {draft && <DraftCard draft={draft} onEnd={() => onDraft(undefined)} />}
      <Loaded query={prices} skeleton={skeleton}>
        {(inForce) => {
          const shown = draft ?? inForce;
          return (
            <>
              <PriceTable list={shown} onChange={mayWrite ? change : undefined} />
              <Groups list={shown} onChange={mayWrite ? change : undefined} />
            </>
          );
        }}
      </Loaded>
      <Versions />
      {list && act === 'add' && <EditPrice list={list} onChange={change} onClose={close} />}
      {list && act === 'import' && <ImportList list={list} onChange={change} onClose={close} />}
    </>
  );
}

interface OldListProps {
  readonly version: number;
  readonly onDraft: (draft: Draft) => void;
}

/** A list that was published once: to be looked at, and taken back. */
function OldList({ version, onDraft }: OldListProps) {
  const texts = useTexts(pricesTexts);
  const zone = useZone();
  const navigate = route.useNavigate();
  const mayWrite = useMay()('prices:write');
  const inForce = useQuery(pricesQuery).data?.version;
  const old = useQuery(versionQuery(version));
  const { mutate, error, isPending } = useMutation({
    mutationFn: draftOf,
    onSuccess: async (draft) => {
      onDraft(draft);
      await navigate({ search: {} });
    },
  });
  return (
    <>
      <PageHead
        title={texts.version(count(version))}
        crumb={
          <Link className="crumb" to="/admin/prices" search={{}}>
            <Icon name="back" small />
            {texts.title}
          </Link>
        }
        lead={
          old.data &&
          texts.publishedBy(`${moment(old.data.published_at, zone)} ${zone}`, old.data.published_by)
        }
        actions={
          mayWrite &&
          old.data &&
          inForce !== undefined &&
          inForce !== version && (
            <button
              className="button primary"
              type="button"
              disabled={isPending}
              onClick={() =>
                mutate({ base: inForce, prices: old.data.prices, groups: old.data.group_ratios })
              }
            >
              {texts.takeBack}
            </button>
          )
        }
      />
      <FormFailure error={error} />
      <Loaded query={old} skeleton={skeleton}>
        {({ prices, group_ratios }) => {
          const list = { prices, groups: group_ratios };
          return (
            <>
              <PriceTable list={list} />
              <Groups list={list} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
