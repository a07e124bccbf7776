import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useTexts } from '../../texts.ts';
import { useReason } from '../channels/reason.ts';
import { bodyOf, type ChannelDraft } from './channel-draft.ts';
import { channelFields } from './channel-fields.tsx';
import { channelTexts } from './channel.texts.ts';
import { tryTexts } from './try-channel.texts.ts';

interface TryChannelProps {
  readonly draft: ChannelDraft;
  /** The models that upstream has, a line each. */
  readonly onModels: (models: string) => void;
}

function without<Body extends object, Name extends keyof Body>(body: Body, name: Name): Omit<Body, Name> {
  return Object.fromEntries(Object.entries(body).filter(([each]) => each !== name)) as Omit<Body, Name>;
}

/** What was typed, with its one key: nothing of it is kept. */
const unsaved = ({ secret, ...draft }: ChannelDraft) => {
  const body = { ...bodyOf({ ...draft, secret: '' }), key: secret.trim() };
  return without(body, 'keys');
};

/** Asks upstream what it has, and for the smallest answer, before anything is saved. */
export function TryChannel({ draft, onModels }: TryChannelProps) {
  const texts = useTexts(tryTexts);
  const { outcomes } = useTexts(channelTexts);
  const reason = useReason();
  const models = useMutation({
    mutationFn: async () => {
      // The list that is typed says nothing of what upstream has.
      const body = without(without(unsaved(draft), 'models'), 'model_mapping');
      return (await answer(api.POST('/api/admin/channels/try/models', { body }))).data;
    },
    onSuccess: (found) => {
      if (found.models.length > 0) onModels(found.models.join('\n'));
    },
  });
  const test = useMutation({
    mutationFn: async () =>
      (await answer(api.POST('/api/admin/channels/try', { body: unsaved(draft) }))).data,
  });
  const last = [models.data, test.data].filter((each) => each !== undefined);
  const isBusy = models.isPending || test.isPending;
  const needs = draft.baseUrl.trim() === '' || draft.secret.trim() === '';
  return (
    <div className="stack-tight">
      <div className="actions">
        <button className="button" type="button" disabled={isBusy || needs} onClick={() => models.mutate()}>
          <Icon name="download" />
          {texts.fetch}
        </button>
        <button
          className="button"
          type="button"
          disabled={isBusy || needs || draft.models.trim() === ''}
          onClick={() => test.mutate()}
        >
          <Icon name="plug" />
          {texts.test}
        </button>
      </div>
      <p className="hint">{texts.lead}</p>
      <FormFailure error={test.error ?? models.error} fields={channelFields} />
      <div aria-live="polite" className="stack-tight">
        {last.map((said) => (
          <div
            className={`banner ${said.outcome === 'answered' ? 'credit' : 'refused'}`}
            key={'model' in said ? 'test' : 'models'}
          >
            <Icon name={said.outcome === 'answered' ? 'check' : 'alert'} />
            <p>
              <strong>{outcomes[said.outcome]}.</strong>{' '}
              {'model' in said
                ? texts.tested(said.model, count(said.duration_ms))
                : texts.found(count(said.models.length), said.more)}
              {said.reason === null
                ? said.status !== null && ` · HTTP ${said.status}`
                : ` · ${reason(said.reason)}`}
              {said.message !== null && ` · ${said.message}`}
            </p>
          </div>
        ))}
      </div>
    </div>
  );
}
