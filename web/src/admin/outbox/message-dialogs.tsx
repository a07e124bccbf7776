import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { Code } from '../../parts/code.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { type Message, messageQuery } from './outbox-queries.ts';
import { outboxTexts } from './outbox.texts.ts';

/** One message with what it says. */
export function MessageDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const texts = useTexts(outboxTexts);
  const message = useQuery(messageQuery(id));
  return (
    <Dialog title={message.data?.kind ?? texts.title} onClose={onClose} isDrawer>
      <div className="dialog-body">
        <Loaded query={message} skeleton={<SkeletonLines lines={6} />}>
          {({ source, fault, payload }) => (
            <>
              {fault !== null && <p>{fault}</p>}
              <dl className="facts">
                <div>
                  <dt>{texts.id}</dt>
                  <dd>
                    <code>{id}</code>
                  </dd>
                </div>
                <div>
                  <dt>{texts.source}</dt>
                  <dd>{source}</dd>
                </div>
              </dl>
              <Code label={texts.payload} text={JSON.stringify(payload, undefined, 2)} />
            </>
          )}
        </Loaded>
      </div>
    </Dialog>
  );
}

export type MessageAct = 'retry' | 'discard';

interface MessageActDialogProps {
  readonly message: Message;
  readonly act: MessageAct;
  readonly onClose: () => void;
}

/** Sends one again, or gives it up. */
export function MessageActDialog({ message: { id, kind }, act, onClose }: MessageActDialogProps) {
  const texts = useTexts(outboxTexts);
  const params = { path: { id } };
  const isRetry = act === 'retry';
  return (
    <ActDialog
      title={(isRetry ? texts.retryOf : texts.discardOf)(kind)}
      effect={isRetry ? texts.retryEffect : texts.discardEffect}
      action={texts[act]}
      isDanger={!isRetry}
      asksReason={false}
      act={() =>
        isRetry
          ? answer(api.POST('/api/admin/outbox/{id}/retry', { params }))
          : answer(api.POST('/api/admin/outbox/{id}/discard', { params }))
      }
      said={isRetry ? texts.retried : texts.discarded}
      onClose={onClose}
    />
  );
}

/** Everything that one receiver has not got. */
export function RetryAllDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(outboxTexts);
  const [receiver, setReceiver] = useState('');
  return (
    <ActDialog
      title={texts.retryAll}
      effect={texts.retryAllEffect}
      action={texts.retry}
      asksReason={false}
      fields={['receiver']}
      act={() => answer(api.POST('/api/admin/outbox/retry', { body: { receiver } }))}
      said={({ data }) => texts.retriedAll(count(data.messages))}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.receiver}
          value={receiver}
          error={errorOf('receiver')}
          spellCheck={false}
          onChange={({ target }) => setReceiver(target.value)}
        />
      )}
    </ActDialog>
  );
}
