import { useRef, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Receiver } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';

interface ReceiverDialogProps {
  /** Undefined: a new one. */
  readonly receiver: Receiver | undefined;
  /** A webhook's, when there is a new one: it is shown in this dialog's place. */
  readonly onSecret: (secret: string) => void;
  /** Whether something else stands in its place. */
  readonly onClose: (isKept: boolean) => void;
}

const kinds = ['mail', 'webhook'] as const;
const leasts = ['warning', 'critical'] as const;

/** Who is told, how, and of what. */
export function ReceiverDialog({ receiver, onSecret, onClose }: ReceiverDialogProps) {
  const texts = useTexts(alertsTexts);
  const language = useLanguage();
  const [name, setName] = useState(receiver?.name ?? '');
  const [kind, setKind] = useState<Receiver['kind']>(receiver?.kind ?? 'mail');
  const [least, setLeast] = useState<Receiver['least']>(receiver?.least ?? 'warning');
  const [on, setOn] = useState(receiver?.on ?? true);
  const [address, setAddress] = useState('');
  const isSecretShown = useRef(false);
  return (
    <ActDialog
      title={receiver ? texts.changeOf(receiver.name) : texts.addReceiver}
      effect={texts.receiverEffect}
      action={texts.save}
      asksReason={false}
      fields={['name', 'address']}
      act={async () => {
        const body = { kind, least, on, language, ...(address.trim() !== '' && { address: address.trim() }) };
        const params = { path: { name: name.trim() } };
        const { data } = await answer(api.PUT('/api/admin/alerts/receivers/{name}', { params, body }));
        if (data.webhook_secret === null) return;
        isSecretShown.current = true;
        onSecret(data.webhook_secret);
      }}
      said={texts.receiverSaved}
      onClose={() => onClose(isSecretShown.current)}
    >
      {(errorOf) => (
        <>
          {!receiver && (
            <Field
              label={texts.receiverName}
              hint={texts.receiverNameHint}
              value={name}
              autoCapitalize="none"
              spellCheck={false}
              error={errorOf('name')}
              onChange={({ target }) => setName(target.value)}
            />
          )}
          <Select
            label={texts.way}
            value={kind}
            options={kinds.map((each) => [each, texts.ways[each]] as const)}
            onChoose={(value) => setKind(kinds.find((each) => each === value) ?? 'mail')}
          />
          <Field
            label={kind === 'mail' ? texts.mailAddress : texts.hookAddress}
            hint={receiver?.kind === kind ? texts.addressKept : texts.addressHints[kind]}
            type={kind === 'mail' ? 'email' : 'url'}
            value={address}
            error={errorOf('address')}
            onChange={({ target }) => setAddress(target.value)}
          />
          <Select
            label={texts.least}
            value={least}
            options={leasts.map((each) => [each, texts.leasts[each]] as const)}
            onChoose={(value) => setLeast(leasts.find((each) => each === value) ?? 'warning')}
          />
          <label className="check">
            <input type="checkbox" checked={on} onChange={({ target }) => setOn(target.checked)} />
            {texts.told}
          </label>
        </>
      )}
    </ActDialog>
  );
}
