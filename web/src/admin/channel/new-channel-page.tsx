import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { bodyOf, emptyDraft } from './channel-draft.ts';
import { ChannelFields, channelFields } from './channel-fields.tsx';
import { channelTexts } from './channel.texts.ts';
import { CallAddresses } from './call-addresses.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { Steps } from './steps.tsx';
import { TryChannel } from './try-channel.tsx';

/** Of a name, in what an id may have; nothing where none of it may be in one. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);

/** The first step of a new channel: it is saved out of use, and tested and enabled on its own page. */
export function NewChannelPage() {
  const texts = useTexts(channelTexts);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [typedId, setId] = useState<string>();
  const [draft, setDraft] = useState(emptyDraft);
  const id = typedId ?? idOf(draft.name);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/api/admin/channels/{channel_id}', {
          params: { path: { channel_id: id.trim() } },
          body: { ...bodyOf(draft), enabled: false },
        }),
      ),
    onSuccess: async ({ data }) => {
      say(texts.saved);
      await queries.invalidateQueries({ queryKey: ['admin'] });
      await navigate({ to: '/admin/channels/$id', params: { id: data.channel_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <>
      <PageHead
        title={texts.addTitle}
        lead={texts.addLead}
        crumb={
          <Link className="crumb" to="/admin/channels">
            <Icon name="back" small />
            {texts.channels}
          </Link>
        }
      />
      <Steps at={0} />
      <Card title={texts.steps[0] ?? ''}>
        <form className="card-body" onSubmit={submit} noValidate>
          <FormFailure error={error} fields={['channel_id', ...channelFields]} />
          <PresetChoice draft={draft} onChange={setDraft} />
          <ChannelFields draft={draft} error={error} isNew onChange={setDraft} />
          <Field
            label={texts.id}
            hint={texts.idHint}
            autoCapitalize="none"
            spellCheck={false}
            value={id}
            error={fieldErrors(error)('channel_id')}
            onChange={({ target }) => setId(target.value)}
          />
          <CallAddresses draft={draft} />
          <TryChannel draft={draft} onModels={(models) => setDraft((typed) => ({ ...typed, models }))} />
          <div className="actions">
            <button className="button primary" type="submit" disabled={isPending || id.trim() === ''}>
              {texts.saveOff}
            </button>
          </div>
        </form>
      </Card>
    </>
  );
}
