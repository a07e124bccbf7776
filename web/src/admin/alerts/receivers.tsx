import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ActsMenu } from '../../parts/menu.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import type { Receiver } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';
import { ReceiverDialog } from './receiver-dialog.tsx';

type Asked =
  | { readonly act: 'add' }
  | { readonly act: 'change' | 'remove'; readonly receiver: Receiver }
  | { readonly act: 'secret'; readonly secret: string };

/** Who is told: the log of the process, and whom operators named. */
export function Receivers({ receivers }: { readonly receivers: readonly Receiver[] }) {
  const texts = useTexts(alertsTexts);
  const mayWrite = useMay()('alerts:write');
  const [asked, setAsked] = useState<Asked>();
  const { mutate, error } = useMutation({
    mutationFn: (channel: string) =>
      answer(api.POST('/api/admin/notifications/{channel}/test', { params: { path: { channel } } })),
    onSuccess: () => say(texts.tested),
  });
  const close = () => setAsked(undefined);
  const names = mayWrite ? texts.receiverColumns : texts.receiverColumns.slice(0, -1);
  const columns = names.map((name, index) => ({ name, isHidden: index === 5 }));
  return (
    <Card
      title={texts.receivers}
      foot={texts.receiversNote}
      aside={
        mayWrite && (
          <button className="button small" type="button" onClick={() => setAsked({ act: 'add' })}>
            <Icon name="plus" />
            {texts.addReceiver}
          </button>
        )
      }
    >
      <FormFailure error={error} />
      <Table label={texts.receivers} columns={columns}>
        <tr>
          <th scope="row">log</th>
          <td>{texts.logReceiver}</td>
          <td>–</td>
          <td>{texts.leasts.warning}</td>
          <td>
            <span className="badge credit">{texts.isTold}</span>
          </td>
          {mayWrite && (
            <td>
              <ActsMenu label={texts.actsOf('log')} acts={[{ name: texts.test, act: () => mutate('log') }]} />
            </td>
          )}
        </tr>
        {receivers.map((receiver) => (
          <ReceiverRow
            key={receiver.name}
            receiver={receiver}
            onTest={mutate}
            onAsk={mayWrite ? setAsked : undefined}
          />
        ))}
      </Table>
      {(asked?.act === 'add' || asked?.act === 'change') && (
        <ReceiverDialog
          receiver={asked.act === 'change' ? asked.receiver : undefined}
          onSecret={(secret) => setAsked({ act: 'secret', secret })}
          onClose={(isKept) => isKept || close()}
        />
      )}
      {asked?.act === 'remove' && <RemoveDialog receiver={asked.receiver} onClose={close} />}
      {asked?.act === 'secret' && <Secret secret={asked.secret} onClose={close} />}
    </Card>
  );
}

interface ReceiverRowProps {
  readonly receiver: Receiver;
  readonly onTest: (name: string) => void;
  readonly onAsk: ((asked: Asked) => void) | undefined;
}

function ReceiverRow({ receiver, onTest, onAsk }: ReceiverRowProps) {
  const texts = useTexts(alertsTexts);
  const { name, kind, address, least, on } = receiver;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{texts.ways[kind]}</td>
      <td>{address ?? texts.noAddress}</td>
      <td>{texts.leasts[least]}</td>
      <td>
        <span className={`badge ${on ? 'credit' : 'off'}`}>{on ? texts.isTold : texts.notTold}</span>
      </td>
      {onAsk && (
        <td>
          <ActsMenu
            label={texts.actsOf(name)}
            acts={[
              { name: texts.test, act: () => onTest(name) },
              { name: texts.change, act: () => onAsk({ act: 'change', receiver }) },
              { name: texts.remove, isDanger: true, act: () => onAsk({ act: 'remove', receiver }) },
            ]}
          />
        </td>
      )}
    </tr>
  );
}

interface OneProps {
  readonly receiver: Receiver;
  readonly onClose: () => void;
}

function RemoveDialog({ receiver: { name }, onClose }: OneProps) {
  const texts = useTexts(alertsTexts);
  return (
    <ActDialog
      title={texts.removeOf(name)}
      effect={texts.removeEffect}
      action={texts.remove}
      isDanger
      asksReason={false}
      act={() => answer(api.DELETE('/api/admin/alerts/receivers/{name}', { params: { path: { name } } }))}
      said={texts.removed}
      onClose={onClose}
    />
  );
}

/** The one time that it can be shown. */
function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const texts = useTexts(alertsTexts);
  return (
    <Dialog title={texts.receiverSaved}>
      <div className="dialog-body">
        <p>{texts.secretOnce}</p>
        <div className="key-reveal">
          <code>{secret}</code>
          <div className="actions">
            <CopyButton text={secret} />
          </div>
        </div>
      </div>
      <div className="dialog-foot">
        <button className="button primary" type="button" onClick={onClose}>
          {texts.kept}
        </button>
      </div>
    </Dialog>
  );
}
