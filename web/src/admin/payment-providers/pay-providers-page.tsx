import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { Nothing } from '../parts/nothing.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { PayProviderDialog } from './pay-provider-dialog.tsx';
import { type PayProvider, payProvidersQuery, settingText } from './pay-provider-queries.ts';
import { payProvidersTexts } from './pay-providers.texts.ts';

/** Who takes money: what is set, whether it is offered, and whether its notifications can reach this service. */
export function PayProvidersPage() {
  const texts = useTexts(payProvidersTexts);
  const mayWrite = useMay()('providers:write');
  const providers = useQuery(payProvidersQuery);
  const [shown, setShown] = useState<PayProvider | 'new'>();
  const [switched, setSwitched] = useState<PayProvider>();
  const names = mayWrite ? texts.columns : texts.columns.slice(0, -1);
  const columns = names.map((name) => ({ name }));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          mayWrite && (
            <button className="button primary" type="button" onClick={() => setShown('new')}>
              <Icon name="plus" />
              {texts.add}
            </button>
          )
        }
      />
      <PaymentTabs at="providers" />
      <section className="card">
        <Loaded query={providers} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={2} />}>
          {(all) =>
            all.length === 0 ? (
              <Nothing text={texts.none} />
            ) : (
              <Table label={texts.title} columns={columns}>
                {all.map((each) => (
                  <ProviderRow
                    key={each.provider_id}
                    provider={each}
                    mayWrite={mayWrite}
                    onEdit={setShown}
                    onSwitch={setSwitched}
                  />
                ))}
              </Table>
            )
          }
        </Loaded>
      </section>
      {mayWrite && <AddressCard />}
      {shown && (
        <PayProviderDialog
          provider={shown === 'new' ? undefined : shown}
          onClose={() => setShown(undefined)}
        />
      )}
      {switched && <SwitchDialog provider={switched} onClose={() => setSwitched(undefined)} />}
    </>
  );
}

interface ProviderRowProps {
  readonly provider: PayProvider;
  readonly mayWrite: boolean;
  readonly onEdit: (provider: PayProvider) => void;
  readonly onSwitch: (provider: PayProvider) => void;
}

function ProviderRow({ provider, mayWrite, onEdit, onSwitch }: ProviderRowProps) {
  const texts = useTexts(payProvidersTexts);
  const zone = useZone();
  const { provider_id: id, kind, enabled, revision, settings } = provider;
  const told = ['account', 'currencies', 'api_url', 'version', 'pid', 'methods'].flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [settingText(value)];
  });
  const verb = enabled ? texts.disable : texts.enable;
  return (
    <tr>
      <th scope="row">
        {id}
        <br />
        <small>{texts.kinds[kind]}</small>
      </th>
      <td>
        <span className={`badge ${enabled ? 'credit' : 'off'}`}>
          {enabled ? texts.states.on : texts.states.off}
        </span>
      </td>
      <td className="wrap">
        {told.join(' · ')}
        <br />
        <code>{provider.notify_url}</code>
      </td>
      <td>
        {moment(provider.configured_at, zone)}
        <br />
        <small>
          {nameOf(provider.configured_by)} · {texts.revision(count(revision))}
        </small>
      </td>
      {mayWrite && (
        <td>
          <span className="actions">
            <button
              className="button small"
              type="button"
              aria-label={texts.editOf(id)}
              onClick={() => onEdit(provider)}
            >
              {texts.edit}
            </button>
            <button
              className="button small"
              type="button"
              aria-label={`${verb}: ${id}`}
              onClick={() => onSwitch(provider)}
            >
              {verb}
            </button>
          </span>
        </td>
      )}
    </tr>
  );
}

function SwitchDialog({
  provider: { provider_id: id, enabled },
  onClose,
}: {
  readonly provider: PayProvider;
  readonly onClose: () => void;
}) {
  const texts = useTexts(payProvidersTexts);
  const params = { path: { provider_id: id } };
  return (
    <ActDialog
      title={`${enabled ? texts.disable : texts.enable}: ${id}`}
      effect={enabled ? texts.disableEffect(id) : texts.enableEffect(id)}
      action={enabled ? texts.disable : texts.enable}
      asksReason={false}
      act={() =>
        answer(
          enabled
            ? api.POST('/api/admin/payment-providers/{provider_id}/disable', { params })
            : api.POST('/api/admin/payment-providers/{provider_id}/enable', { params }),
        )
      }
      said={enabled ? texts.disabled : texts.enabled}
      onClose={onClose}
    />
  );
}

function AddressCard() {
  const texts = useTexts(payProvidersTexts);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/admin/payment-providers/self-test'))).data,
  });
  return (
    <Card title={texts.test}>
      <div className="card-body">
        <p className="muted">{texts.testing}</p>
        <FormFailure error={error} />
        <div className="actions">
          <button className="button" type="button" disabled={isPending} onClick={() => mutate()}>
            <Icon name="plug" />
            {texts.test}
          </button>
        </div>
        <div role="status">
          {data && (
            <p>
              <span className={`badge ${data.verdict === 'reached' ? 'credit' : 'refused'}`}>
                {data.status ?? '–'}
              </span>{' '}
              {texts.verdicts[data.verdict]} <code>{data.url}</code>
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}
