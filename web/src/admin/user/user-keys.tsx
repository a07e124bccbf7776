import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { userKeysTexts } from './user-keys.texts.ts';

const PAGE = 50;
const read = async (id: string, after: number | undefined, signal: AbortSignal) =>
  (
    await answer(
      api.GET('/api/admin/keys', {
        signal,
        params: { query: { external_user_id: id, limit: PAGE, ...(after !== undefined && { after }) } },
      }),
    )
  ).data;
type Key = Awaited<ReturnType<typeof read>>['keys'][number];
type Act = 'enable' | 'disable' | 'revoke';

const marks = { enabled: 'credit', disabled: 'off', revoked: 'refused' } as const;

/** The keys of a user, those revoked too, and the ways to kill one. */
export function UserKeys({ id }: { readonly id: string }) {
  const texts = useTexts(userKeysTexts);
  const zone = useZone();
  const [after, setAfter] = useState<number>();
  const [chosen, setChosen] = useState<{ readonly key: Key; readonly act: Act }>();
  const columns = texts.columns.map((name, index) => ({
    name,
    isFigure: index === 2 || index === 3,
    isHidden: index === 5,
  }));
  const keys = useQuery({
    queryKey: ['admin', 'user', id, 'keys', after],
    queryFn: ({ signal }) => read(id, after, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Loaded query={keys} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={3} />}>
        {(data) =>
          data.keys.length === 0 ? (
            <div className="empty">
              <p>{texts.none}</p>
            </div>
          ) : (
            <>
              <Table label={texts.title} columns={columns}>
                {data.keys.map((key) => (
                  <KeyRow key={key.token_id} of={key} onAct={(act) => setChosen({ key, act })} />
                ))}
              </Table>
              <PagesFoot
                isFirst={after === undefined}
                hasNext={data.next_after !== null}
                onFirst={() => setAfter(undefined)}
                onNext={() => setAfter(data.next_after ?? undefined)}
              >
                {texts.shown(count(data.keys.length), zone)}
              </PagesFoot>
            </>
          )
        }
      </Loaded>
      {chosen && (
        <ActDialog
          title={texts[chosen.act]}
          effect={texts.effects[chosen.act](`${chosen.key.name} (${chosen.key.key})`)}
          action={texts[chosen.act]}
          isDanger={chosen.act === 'revoke'}
          act={(reason) =>
            answer(
              api.POST(`/api/admin/keys/{token_id}/${chosen.act}`, {
                params: { path: { token_id: chosen.key.token_id } },
                body: { reason },
              }),
            )
          }
          said={texts.done[chosen.act]}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function KeyRow({ of: key, onAct }: { readonly of: Key; readonly onAct: (act: Act) => void }) {
  const texts = useTexts(userKeysTexts);
  const zone = useZone();
  const mayWrite = useMay()('keys:write');
  const turn = key.status === 'enabled' ? 'disable' : 'enable';
  return (
    <tr>
      <th scope="row" className="two">
        {key.name}
        <small>
          <code>{key.key}</code>
        </small>
      </th>
      <td>
        <span className={`badge ${marks[key.status]}`}>{texts.states[key.status]}</span>
      </td>
      <td className="figure">
        <Money quota={key.used_quota} />
      </td>
      <td className="figure">
        {key.quota_limit === null ? texts.unlimited : <Money quota={key.quota_limit} />}
      </td>
      <td>{key.expires_at === null ? texts.never : moment(key.expires_at, zone)}</td>
      <td>
        {mayWrite && key.status !== 'revoked' && (
          <span className="actions">
            <button className="button small" type="button" onClick={() => onAct(turn)}>
              {texts[turn]}
            </button>
            <button className="button small danger" type="button" onClick={() => onAct('revoke')}>
              {texts.revoke}
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}
