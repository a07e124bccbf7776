import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import type { Channel } from '../channels/channel-queries.ts';
import { bodyOf, draftOf } from './channel-draft.ts';
import { ChannelFields, channelFields } from './channel-fields.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { channelTexts } from './channel.texts.ts';

/** What a channel is; what the form does not name stays as it is. */
export function ChannelEdit({ channel }: { readonly channel: Channel }) {
  const texts = useTexts(channelTexts);
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(channel));
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () =>
      (
        await answer(
          api.PUT('/api/admin/channels/{channel_id}', {
            params: { path: { channel_id: channel.channel_id } },
            body: bodyOf(
              draft,
              channel.keys.map(({ id }) => id),
            ),
          }),
        )
      ).data,
    onSuccess: async (saved) => {
      say(texts.saved);
      setDraft(draftOf(saved));
      await queries.invalidateQueries({ queryKey: ['admin'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Card title={texts.edit}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={channelFields} />
        <PresetChoice draft={draft} saved={draftOf(channel)} onChange={setDraft} />
        <ChannelFields draft={draft} error={error} isNew={false} onChange={setDraft} />
        <div className="actions">
          <button className="button" type="submit" disabled={isPending}>
            {texts.save}
          </button>
        </div>
      </form>
    </Card>
  );
}
