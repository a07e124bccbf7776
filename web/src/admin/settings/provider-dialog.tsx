import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Provider } from './providers-card.tsx';
import { providerTexts } from './providers.texts.ts';

const NEW = { name: '', kind: 'oidc', label: '', issuer: '', client_id: '', client_secret: '' } as const;
type Draft = { readonly [Member in keyof typeof NEW]: string };
const FIELDS = ['label', 'issuer', 'client_id', 'client_secret'] as const;
const GITHUB = 'https://github.com';

/** `provider`: the one that is changed; undefined: another one. */
export function ProviderDialog({
  provider,
  onClose,
}: {
  readonly provider: Provider | undefined;
  readonly onClose: () => void;
}) {
  const texts = useTexts(providerTexts);
  const [draft, setDraft] = useState<Draft>(() => ({ ...NEW, ...provider }));
  const { name } = draft;
  const choose = (kind: string) =>
    setDraft({ ...draft, kind, ...(kind === 'github' && draft.issuer === '' && { issuer: GITHUB }) });
  return (
    <ActDialog
      title={provider ? `${texts.edit}: ${provider.label}` : texts.add}
      effect={
        <>
          {texts.effect}
          <code>{`${location.origin}/portal/callback/${name || '…'}`}</code>
        </>
      }
      action={texts.save}
      asksReason={false}
      fields={['name', ...FIELDS]}
      act={() => save(draft)}
      said={texts.saved}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Select
            label={texts.kind}
            value={draft.kind}
            options={[
              ['oidc', texts.kinds.oidc],
              ['github', texts.kinds.github],
            ]}
            onChoose={choose}
          />
          {!provider && (
            <Field
              label={texts.name}
              hint={texts.nameHint}
              name="provider_name"
              value={name}
              error={errorOf('name')}
              onChange={({ target }) => setDraft({ ...draft, name: target.value })}
            />
          )}
          <Texts draft={draft} isNew={!provider} errorOf={errorOf} onChange={setDraft} />
        </>
      )}
    </ActDialog>
  );
}

const save = ({ name, kind, label, issuer, client_id, client_secret }: Draft) =>
  answer(
    api.PUT('/api/admin/identity-providers/{name}', {
      params: { path: { name } },
      body: {
        kind: kind === 'github' ? 'github' : 'oidc',
        label,
        issuer,
        client_id,
        ...(client_secret !== '' && { client_secret }),
      },
    }),
  );

interface TextsProps {
  readonly draft: Draft;
  readonly isNew: boolean;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (draft: Draft) => void;
}

function Texts({ draft, isNew, errorOf, onChange }: TextsProps) {
  const texts = useTexts(providerTexts);
  const labels = {
    label: texts.label,
    issuer: texts.issuer,
    client_id: texts.client,
    client_secret: texts.secret,
  };
  const hints: Partial<Record<(typeof FIELDS)[number], string>> = {
    issuer: texts.issuerHint,
    ...(!isNew && { client_secret: texts.secretHint }),
  };
  return FIELDS.map((field) => (
    <Field
      key={field}
      label={labels[field]}
      hint={hints[field]}
      name={`provider_${field}`}
      type={field === 'client_secret' ? 'password' : 'text'}
      autoComplete="off"
      value={draft[field]}
      error={errorOf(field)}
      onChange={({ target }) => onChange({ ...draft, [field]: target.value })}
    />
  ));
}
