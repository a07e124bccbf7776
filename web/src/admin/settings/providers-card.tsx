import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { ProviderDialog } from './provider-dialog.tsx';
import { providerTexts } from './providers.texts.ts';

const providersQuery = queryOptions({
  queryKey: ['admin', 'identity-providers'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/admin/identity-providers', { signal }))).data.providers,
});
export type Provider = Awaited<ReturnType<NonNullable<(typeof providersQuery)['queryFn']>>>[number];

/** The services of others that people sign in with. */
export function ProvidersCard() {
  const texts = useTexts(providerTexts);
  const mayWrite = useMay()('sign-in:write');
  const providers = useQuery(providersQuery);
  const [shown, setShown] = useState<Provider | 'new'>();
  const [removed, setRemoved] = useState<Provider>();
  const columns = texts.columns
    .map((name, index) => ({ name, isHidden: index === 3 }))
    .slice(0, mayWrite ? 4 : 3);
  return (
    <Card title={texts.title}>
      <div className="card-body">
        <p className="muted">{texts.lead}</p>
      </div>
      <Loaded query={providers} skeleton={<SkeletonLines lines={3} />}>
        {(all) =>
          all.length === 0 ? (
            <div className="card-body">
              <p>{texts.none}</p>
            </div>
          ) : (
            <Table label={texts.title} columns={columns}>
              {all.map((each) => (
                <ProviderRow
                  key={each.name}
                  provider={each}
                  mayWrite={mayWrite}
                  onEdit={setShown}
                  onRemove={setRemoved}
                />
              ))}
            </Table>
          )
        }
      </Loaded>
      {mayWrite && (
        <div className="card-body">
          <div className="actions">
            <button className="button" type="button" onClick={() => setShown('new')}>
              <Icon name="plus" />
              {texts.add}
            </button>
          </div>
        </div>
      )}
      {shown && (
        <ProviderDialog provider={shown === 'new' ? undefined : shown} onClose={() => setShown(undefined)} />
      )}
      {removed && <RemoveDialog provider={removed} onClose={() => setRemoved(undefined)} />}
    </Card>
  );
}

interface ProviderRowProps {
  readonly provider: Provider;
  readonly mayWrite: boolean;
  readonly onEdit: (provider: Provider) => void;
  readonly onRemove: (provider: Provider) => void;
}

function ProviderRow({ provider, mayWrite, onEdit, onRemove }: ProviderRowProps) {
  const texts = useTexts(providerTexts);
  const { label, issuer, redirect_uri } = provider;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{issuer}</td>
      <td>
        <code>{redirect_uri}</code>
      </td>
      {mayWrite && (
        <td>
          <div className="actions">
            <button
              className="button small"
              type="button"
              aria-label={`${texts.edit}: ${label}`}
              onClick={() => onEdit(provider)}
            >
              {texts.edit}
            </button>
            <button
              className="button small"
              type="button"
              aria-label={`${texts.remove}: ${label}`}
              onClick={() => onRemove(provider)}
            >
              {texts.remove}
            </button>
          </div>
        </td>
      )}
    </tr>
  );
}

function RemoveDialog({
  provider: { name, label },
  onClose,
}: {
  readonly provider: Provider;
  readonly onClose: () => void;
}) {
  const texts = useTexts(providerTexts);
  return (
    <ActDialog
      title={`${texts.remove}: ${label}`}
      effect={texts.removeEffect(label)}
      action={texts.remove}
      isDanger
      asksReason={false}
      act={() => answer(api.DELETE('/api/admin/identity-providers/{name}', { params: { path: { name } } }))}
      said={texts.removed}
      onClose={onClose}
    />
  );
}
