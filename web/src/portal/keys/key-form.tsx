import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { isLimitRead, type KeyDraft, type Life, lives } from './key-draft.ts';
import { keyFormTexts } from './key-form.texts.ts';
import { keysQuery } from './keys-queries.ts';
import { ModelChoice } from './model-choice.tsx';

const FIELDS = ['name', 'quota_limit', 'expires_in_days', 'models', 'allow_ips'] as const;

interface KeyFormProps<Saved> {
  readonly title: string;
  readonly action: string;
  readonly initial: KeyDraft;
  readonly save: (draft: KeyDraft) => Promise<Saved>;
  readonly onSaved: (saved: Saved) => void;
  readonly onClose: () => void;
}

/** A key, new or as it is; nothing is sent while its limit is no amount. */
export function KeyForm<Saved>({ title, action, initial, save, onSaved, onClose }: KeyFormProps<Saved>) {
  const texts = useTexts(keyFormTexts);
  const [draft, setDraft] = useState(initial);
  const [isTried, setTried] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => save(draft),
    onSuccess: async (saved) => {
      onSaved(saved);
      await queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isLimitRead(draft)) mutate();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <FormFailure error={error} fields={FIELDS} />
          <KeyFields
            draft={draft}
            isNew={initial.life !== 'keep'}
            limitError={isTried && !isLimitRead(draft) ? texts.limitWrong : undefined}
            error={error}
            onChange={setDraft}
          />
        </div>
        <div className="dialog-foot">
          <button className="button" type="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button className="button primary" type="submit" disabled={isPending}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface KeyFieldsProps {
  readonly draft: KeyDraft;
  readonly isNew: boolean;
  readonly limitError: string | undefined;
  readonly error: unknown;
  readonly onChange: (draft: KeyDraft) => void;
}

function KeyFields({ draft, isNew, limitError, error, onChange }: KeyFieldsProps) {
  const texts = useTexts(keyFormTexts);
  const errorOf = fieldErrors(error);
  const change = (changed: Partial<KeyDraft>) => onChange({ ...draft, ...changed });
  return (
    <>
      <Field
        label={texts.name}
        hint={texts.nameHint}
        name="name"
        autoComplete="off"
        value={draft.name}
        error={errorOf('name')}
        onChange={({ target }) => change({ name: target.value })}
      />
      <div className="calculator">
        <Field
          label={texts.limit}
          prefix="$"
          suffix="USD"
          name="limit"
          inputMode="decimal"
          autoComplete="off"
          value={draft.limit}
          error={limitError ?? errorOf('quota_limit')}
          onChange={({ target }) => change({ limit: target.value })}
        />
        <Select
          label={texts.expires}
          value={draft.life}
          options={lives.filter((life) => !isNew || life !== 'keep').map((life) => [life, texts.lives[life]])}
          onChoose={(life) => change({ life: life as Life })}
        />
      </div>
      <p className="hint">{texts.limitHint}</p>
      <ModelChoice chosen={draft.models} onChange={(models) => change({ models })} />
      <TextArea
        label={texts.addresses}
        hint={texts.addressesHint}
        rows={2}
        value={draft.addresses}
        error={errorOf('allow_ips')}
        onChange={({ target }) => change({ addresses: target.value })}
      />
    </>
  );
}
