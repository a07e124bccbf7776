import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { useMay } from '../parts/may.ts';
import { NewServiceKey } from './new-service-key.tsx';
import { serviceKeysTexts } from './service-keys.texts.ts';

const keysQuery = queryOptions({
  queryKey: ['admin', 'service-keys'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/admin/service-keys', { signal }))).data.service_keys,
});
type ServiceKey = Awaited<ReturnType<NonNullable<(typeof keysQuery)['queryFn']>>>[number];

/** The keys by which front ends and books' programs speak to this service. */
export function ServiceKeysPage() {
  const texts = useTexts(serviceKeysTexts);
  const mayWrite = useMay()('service-keys:write');
  const keys = useQuery(keysQuery);
  const [isNew, setNew] = useState(false);
  const [revoked, setRevoked] = useState<ServiceKey>();
  return (
    <>
      <ListPage
        title={texts.title}
        lead={texts.lead}
        columns={texts.columns}
        query={keys}
        none={texts.none}
        add={mayWrite ? { name: texts.add, onAdd: () => setNew(true) } : undefined}
        row={(key) => <KeyRow key={key.id} of={key} onRevoke={mayWrite ? setRevoked : undefined} />}
      />
      {isNew && <NewServiceKey onClose={() => setNew(false)} />}
      {revoked && (
        <ActDialog
          title={texts.revoke}
          effect={texts.revokeEffect}
          action={texts.revoke}
          isDanger
          typedName={revoked.name}
          asksReason={false}
          act={() =>
            answer(api.POST('/api/admin/service-keys/{id}/revoke', { params: { path: { id: revoked.id } } }))
          }
          said={texts.revoked}
          onClose={() => setRevoked(undefined)}
        />
      )}
    </>
  );
}

interface KeyRowProps {
  readonly of: ServiceKey;
  readonly onRevoke: ((key: ServiceKey) => void) | undefined;
}

function KeyRow({ of: key, onRevoke }: KeyRowProps) {
  const texts = useTexts(serviceKeysTexts);
  const zone = useZone();
  const isOff = key.revoked_at !== null;
  return (
    <tr>
      <th scope="row">{key.name}</th>
      <td>
        <span className={`badge ${isOff ? 'refused' : 'credit'}`}>{isOff ? texts.off : texts.on}</span>
      </td>
      <td className="wrap">
        <code>{key.scopes.join(' ')}</code>
        {key.return_origins.length > 0 && <small>{texts.leadsTo(key.return_origins.join(' '))}</small>}
      </td>
      <td>{moment(key.created_at, zone)}</td>
      {onRevoke && (
        <td>
          {!isOff && (
            <button
              className="button small danger"
              type="button"
              aria-label={texts.revokeOf(key.name)}
              onClick={() => onRevoke(key)}
            >
              {texts.revoke}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}
