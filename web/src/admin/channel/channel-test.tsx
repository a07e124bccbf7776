import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import type { Channel } from '../channels/channel-queries.ts';
import { useReason } from '../channels/reason.ts';
import { channelTexts } from './channel.texts.ts';

interface ChannelTestProps {
  readonly channel: Channel;
  /** What else there is to be known before. */
  readonly note?: string;
}

/** Asks upstream for the smallest answer, and says what came. */
export function ChannelTest({ channel, note }: ChannelTestProps) {
  const texts = useTexts(channelTexts);
  const reason = useReason();
  const queries = useQueryClient();
  const [model, setModel] = useState('');
  const named = channel.models.filter((name) => !name.includes('*'));
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async () =>
      (
        await answer(
          api.POST('/api/admin/channels/{channel_id}/test', {
            params: { path: { channel_id: channel.channel_id } },
            body: model === '' ? {} : { model },
          }),
        )
      ).data,
    // It counts as a health check: what the page shows may have changed.
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
  const isGood = data?.outcome === 'answered';
  return (
    <>
      <p className="muted">
        {texts.testLead} {note}
      </p>
      <Select
        label={texts.testModelToAsk}
        value={model}
        options={[['', texts.ownChoice], ...named.map((name) => [name, name] as const)]}
        onChoose={setModel}
      />
      <div className="actions">
        <button className="button" type="button" disabled={isPending} onClick={() => mutate()}>
          <Icon name="plug" />
          {isPending ? texts.testing : texts.runTest}
        </button>
      </div>
      <FormFailure error={error} />
      <div aria-live="polite">
        {data && (
          <div className={`banner ${isGood ? 'credit' : 'refused'}`}>
            <Icon name={isGood ? 'check' : 'alert'} />
            <p>
              <strong>{texts.outcomes[data.outcome]}.</strong>{' '}
              {texts.outcomeTold(data.model, data.key_id, count(data.duration_ms))}
              {data.reason === null
                ? data.status !== null && ` · HTTP ${data.status}`
                : ` · ${reason(data.reason)}`}
              {data.message !== null && ` · ${data.message}`}
            </p>
          </div>
        )}
      </div>
    </>
  );
}
