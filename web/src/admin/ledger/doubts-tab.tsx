import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Field } from '../../parts/field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { Nothing } from '../parts/nothing.tsx';
import { doubtsTexts } from './doubts.texts.ts';

const PAGE = 50;

const doubtsQuery = (after?: number) =>
  queryOptions({
    queryKey: ['admin', 'doubts', after],
    queryFn: async ({ signal }) => {
      const query = given({ state: 'open' as const, after, limit: PAGE });
      return (await answer(api.GET('/api/admin/doubts', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
type Doubt = Awaited<ReturnType<NonNullable<ReturnType<typeof doubtsQuery>['queryFn']>>>['doubts'][number];

/** Charges whose report could not be believed: what was reported beside what was charged, the oldest first. */
export function DoubtsTab() {
  const texts = useTexts(doubtsTexts);
  const zone = useZone();
  const [after, setAfter] = useState<number>();
  const [settled, setSettled] = useState<Doubt>();
  const doubts = useQuery(doubtsQuery(after));
  const maySettle = useMay()('doubts:settle');
  const names = maySettle ? texts.columns : texts.columns.slice(0, -1);
  const columns = names.map((name, index) => ({ name, isFigure: index === 4 }));
  return (
    <Card title={texts.title}>
      <Loaded query={doubts} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={4} />}>
        {(data) =>
          data.doubts.length === 0 ? (
            <Nothing text={texts.none} />
          ) : (
            <>
              <Table label={texts.title} columns={columns}>
                {data.doubts.map((doubt) => (
                  <DoubtRow key={doubt.call_id} doubt={doubt} onSettle={maySettle ? setSettled : undefined} />
                ))}
              </Table>
              <PagesFoot
                isFirst={after === undefined}
                hasNext={data.next_after !== null}
                onFirst={() => setAfter(undefined)}
                onNext={() => setAfter(data.next_after ?? undefined)}
              >
                {zone}
              </PagesFoot>
            </>
          )
        }
      </Loaded>
      {settled && <SettleDialog doubt={settled} onClose={() => setSettled(undefined)} />}
    </Card>
  );
}

interface DoubtRowProps {
  readonly doubt: Doubt;
  readonly onSettle: ((doubt: Doubt) => void) | undefined;
}

function DoubtRow({ doubt, onSettle }: DoubtRowProps) {
  const texts = useTexts(doubtsTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">
        <Link to="/admin/ledger" search={{ id: doubt.call_id }}>
          {moment(doubt.recorded_at, zone)}
        </Link>
      </th>
      <td className="short" title={doubt.external_user_id}>
        <Link to="/admin/users/$id" params={{ id: doubt.external_user_id }}>
          {doubt.external_user_id}
        </Link>
      </td>
      <td>{doubt.model}</td>
      <td className="wrap">
        {doubt.reported}
        <br />
        <small>{doubt.doubt}</small>
      </td>
      <td className="figure">{count(doubt.charged.quota)}</td>
      {onSettle && (
        <td>
          <button
            className="button small"
            type="button"
            aria-label={texts.settleOf(doubt.call_id)}
            onClick={() => onSettle(doubt)}
          >
            {texts.settle}
          </button>
        </td>
      )}
    </tr>
  );
}

function SettleDialog({ doubt, onClose }: { readonly doubt: Doubt; readonly onClose: () => void }) {
  const texts = useTexts(doubtsTexts);
  const [quota, setQuota] = useState(String(doubt.charged.quota));
  return (
    <ActDialog
      title={texts.settle}
      effect={texts.effect}
      action={texts.settle}
      isHeld={!/^\d{1,15}$/.test(quota)}
      fields={['quota']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/doubts/{call_id}/settle', {
            params: { path: { call_id: doubt.call_id } },
            body: { quota: Number(quota), reason },
          }),
        )
      }
      said={texts.settled}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.quota}
          hint={texts.quotaHint(count(doubt.charged.quota))}
          inputMode="numeric"
          value={quota}
          error={errorOf('quota')}
          onChange={({ target }) => setQuota(target.value)}
        />
      )}
    </ActDialog>
  );
}
