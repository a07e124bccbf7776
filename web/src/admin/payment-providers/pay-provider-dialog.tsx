import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { type PayProvider, settingText } from './pay-provider-queries.ts';
import { payProvidersTexts } from './pay-providers.texts.ts';

type Kind = PayProvider['kind'];
type FieldName = keyof (typeof payProvidersTexts)['en']['fields'];

/** What each kind is asked for. A list is typed with commas. */
const forms: Readonly<
  Record<Kind, { readonly settings: readonly FieldName[]; readonly secrets: readonly FieldName[] }>
> = {
  stripe: { settings: ['account', 'currencies'], secrets: ['secret_key', 'webhook_secret'] },
  epay: { settings: ['api_url', 'version', 'pid', 'methods', 'platform_public_key'], secrets: ['key'] },
  alipay: {
    settings: ['app_id', 'seller_id', 'product', 'alipay_public_key'],
    secrets: ['private_key'],
  },
  wechat: {
    settings: ['mchid', 'appid', 'merchant_serial', 'platform_serial', 'platform_public_key'],
    secrets: ['private_key', 'api_v3_key'],
  },
};
const lists: readonly FieldName[] = ['currencies', 'methods'];
const long: readonly FieldName[] = ['platform_public_key', 'key', 'alipay_public_key', 'private_key'];

type Typed = Readonly<Partial<Record<FieldName, string>>>;

const typedOf = ({ settings }: Pick<PayProvider, 'settings'>): Typed =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, settingText(value)]));

const listOf = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** What was typed, and what is set and has no field of its own. */
function settingsOf(kind: Kind, typed: Typed, before: PayProvider['settings']): PayProvider['settings'] {
  const filled = forms[kind].settings.flatMap((name) => {
    const text = (typed[name] ?? '').trim();
    if (text === '') return [];
    return [[name, lists.includes(name) ? listOf(text) : text] as const];
  });
  const others = Object.entries(before).filter(
    ([name]) => !forms[kind].settings.some((each) => each === name),
  );
  return Object.fromEntries([...others, ...filled]);
}

const secretsOf = (kind: Kind, typed: Typed): Record<string, string> =>
  Object.fromEntries(
    forms[kind].secrets.flatMap((name) => {
      const text = (typed[name] ?? '').trim();
      return text === '' ? [] : [[name, text] as const];
    }),
  );

const save = (id: string, kind: Kind, typed: Typed, before: PayProvider | undefined) =>
  answer(
    api.PUT('/api/admin/payment-providers/{provider_id}', {
      params: { path: { provider_id: id } },
      body: {
        kind,
        settings: settingsOf(kind, typed, before?.settings ?? {}),
        secrets: secretsOf(kind, typed),
      },
    }),
  );

interface PayProviderDialogProps {
  /** Undefined: another one. */
  readonly provider: PayProvider | undefined;
  readonly onClose: () => void;
}

export function PayProviderDialog({ provider, onClose }: PayProviderDialogProps) {
  const texts = useTexts(payProvidersTexts);
  const [id, setId] = useState(provider?.provider_id ?? '');
  const [kind, setKind] = useState<Kind>(provider?.kind ?? 'stripe');
  const [typed, setTyped] = useState<Typed>(() => (provider ? typedOf(provider) : { version: 'v1' }));
  const { settings, secrets } = forms[kind];
  return (
    <ActDialog
      title={provider ? texts.editOf(provider.provider_id) : texts.add}
      effect={texts.effect}
      action={texts.save}
      asksReason={false}
      isHeld={id.trim() === ''}
      fields={[
        'provider_id',
        ...settings.map((name) => `settings.${name}`),
        ...secrets.map((name) => `secrets.${name}`),
      ]}
      act={() => save(id.trim(), kind, typed, provider)}
      said={texts.saved}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {!provider && (
            <>
              <Field
                label={texts.id}
                hint={texts.idHint}
                name="provider_id"
                autoCapitalize="none"
                spellCheck={false}
                value={id}
                error={errorOf('provider_id')}
                onChange={({ target }) => setId(target.value)}
              />
              <Select
                label={texts.kind}
                value={kind}
                options={(Object.keys(forms) as Kind[]).map((each) => [each, texts.kinds[each]])}
                onChoose={(chosen) => setKind(chosen as Kind)}
              />
            </>
          )}
          {[...settings, ...secrets].map((name) => (
            <ProviderField
              key={name}
              name={name}
              value={typed[name] ?? ''}
              isSecret={secrets.includes(name)}
              isKept={provider !== undefined}
              error={errorOf(`${secrets.includes(name) ? 'secrets' : 'settings'}.${name}`)}
              onType={(value) => setTyped({ ...typed, [name]: value })}
            />
          ))}
        </>
      )}
    </ActDialog>
  );
}

interface ProviderFieldProps {
  readonly name: FieldName;
  readonly value: string;
  readonly isSecret: boolean;
  /** What is left empty stays as it is. */
  readonly isKept: boolean;
  readonly error: string | undefined;
  readonly onType: (value: string) => void;
}

function ProviderField({ name, value, isSecret, isKept, error, onType }: ProviderFieldProps) {
  const texts = useTexts(payProvidersTexts);
  const label = texts.fields[name];
  if (name === 'version')
    return (
      <Select
        label={label}
        value={value || 'v1'}
        options={[
          ['v1', 'v1'],
          ['v2', 'v2'],
        ]}
        onChoose={onType}
      />
    );
  if (name === 'product')
    return (
      <Select
        label={label}
        value={value || 'page'}
        options={[
          ['page', texts.products.page],
          ['qr', texts.products.qr],
        ]}
        onChoose={onType}
      />
    );
  const shared = {
    label,
    hint: isSecret && isKept ? texts.secretKept : texts.hints[name],
    name: `provider_${name}`,
    value,
    error,
    spellCheck: false,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => onType(target.value),
  };
  // A key in PEM has lines.
  if (long.includes(name)) return <TextArea {...shared} autoComplete="off" />;
  return <Field {...shared} type={isSecret ? 'password' : 'text'} autoComplete="off" />;
}
