import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { say } from '../../parts/toasts.tsx';
import { personQuery } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { settingsTexts } from './settings.texts.ts';

/** What one is called; the name that one signs in with stays. */
export function NameForm({ called }: { readonly called: string }) {
  const texts = useTexts(settingsTexts);
  const [name, setName] = useState(called);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.PATCH('/api/user/self', { body: { display_name: name.trim() } })),
    onSuccess: async () => {
      say(texts.nameChanged);
      await queryClient.invalidateQueries({ queryKey: personQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form className="card-body" onSubmit={submit} noValidate>
      <FormFailure error={error} fields={['display_name']} />
      <Field
        label={texts.displayName}
        hint={texts.displayNameHint}
        name="display_name"
        autoComplete="nickname"
        value={name}
        error={fieldErrors(error)('display_name')}
        onChange={({ target }) => setName(target.value)}
      />
      <div className="actions">
        <button className="button" type="submit" disabled={isPending || name.trim() === called}>
          {texts.saveName}
        </button>
      </div>
    </form>
  );
}
