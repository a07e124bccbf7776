import { fieldErrors } from '../../api/failure.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { type ChannelDraft, type Spoken, upstreamTypes } from './channel-draft.ts';
import { channelTexts } from './channel.texts.ts';

interface ChannelFieldsProps {
  readonly draft: ChannelDraft;
  readonly error: unknown;
  /** Whether it has no key yet. */
  readonly isNew: boolean;
  readonly onChange: (draft: ChannelDraft) => void;
}

/** What a channel is: where it leads, what it serves, and when it is chosen. */
export function ChannelFields({ draft, error, isNew, onChange }: ChannelFieldsProps) {
  const texts = useTexts(channelTexts);
  const errorOf = fieldErrors(error);
  const bind = (name: Exclude<keyof ChannelDraft, 'spoken'>, field: string) => ({
    value: draft[name],
    error: errorOf(field),
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...draft, [name]: target.value }),
  });
  return (
    <>
      <div className="calculator">
        <Field label={texts.name} {...bind('name', 'name')} />
        <Select
          label={texts.type}
          value={draft.type}
          options={upstreamTypes.map((type) => [type, type])}
          onChoose={(type) => onChange({ ...draft, type: type as ChannelDraft['type'] })}
        />
      </div>
      {draft.spoken ? (
        <Endpoints draft={draft} spoken={draft.spoken} errorOf={errorOf} onChange={onChange} />
      ) : (
        <Field
          label={texts.baseUrl}
          hint={texts.baseUrlHint}
          type="url"
          spellCheck={false}
          {...bind('baseUrl', 'base_url')}
        />
      )}
      <Field
        label={isNew ? texts.key : texts.moreKey}
        hint={texts.keyHint}
        type="password"
        autoComplete="off"
        {...bind('secret', 'keys')}
      />
      <div className="calculator">
        <TextArea label={texts.models} hint={texts.modelsHint} {...bind('models', 'models')} />
        <TextArea label={texts.mapping} hint={texts.mappingHint} {...bind('mapping', 'model_mapping')} />
        <TextArea label={texts.groups} hint={texts.groupsHint} {...bind('groups', 'groups')} />
      </div>
      <div className="calculator">
        <Field
          label={texts.priority}
          hint={texts.priorityHint}
          inputMode="numeric"
          {...bind('priority', 'priority')}
        />
        <Field
          label={texts.weight}
          hint={texts.weightHint}
          inputMode="numeric"
          {...bind('weight', 'weight')}
        />
        <Field
          label={texts.testModel}
          hint={texts.testModelHint}
          spellCheck={false}
          {...bind('testModel', 'test_model')}
        />
      </div>
    </>
  );
}

interface EndpointsProps extends Pick<ChannelFieldsProps, 'draft' | 'onChange'> {
  readonly spoken: Spoken;
  readonly errorOf: (field: string) => string | undefined;
}

/** The base of each protocol; the channel's own address is one of them, and follows it. */
function Endpoints({ draft, spoken, errorOf, onChange }: EndpointsProps) {
  const texts = useTexts(channelTexts);
  return (
    <div className="calculator">
      {Object.entries(spoken.endpoints).map(([protocol, base]) => (
        <Field
          key={protocol}
          label={texts.endpoint(protocol)}
          type="url"
          spellCheck={false}
          value={base}
          error={
            errorOf(`endpoints.${protocol}`) ?? (base === draft.baseUrl ? errorOf('base_url') : undefined)
          }
          onChange={({ target: { value } }) =>
            onChange({
              ...draft,
              baseUrl: base === draft.baseUrl ? value : draft.baseUrl,
              spoken: { ...spoken, endpoints: { ...spoken.endpoints, [protocol]: value } },
            })
          }
        />
      ))}
    </div>
  );
}

/** Members of the body that stand beside a field of the form. */
export const channelFields = [
  'name',
  'base_url',
  'keys',
  'models',
  'model_mapping',
  'groups',
  'priority',
  'weight',
  'test_model',
];
