import { useState } from 'react';
import { answer, api, onceOnly } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { type Language, useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { usersTexts } from './users.texts.ts';

/** An account for somebody, and a mail by which they give it a password. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(usersTexts);
  const own = useLanguage();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [language, setLanguage] = useState<Language>(own);
  // Of this form: sent again after no answer, it makes one account.
  const [once] = useState(onceOnly);
  return (
    <ActDialog
      title={texts.invite}
      effect={texts.inviteEffect}
      action={texts.send}
      asksReason={false}
      fields={['username', 'email']}
      act={() =>
        answer(
          api.POST('/api/admin/users', {
            ...once,
            body: { username: username.trim(), email: email.trim(), language },
          }),
        )
      }
      said={texts.invited}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label={texts.username}
            hint={texts.usernameHint}
            autoComplete="off"
            spellCheck={false}
            value={username}
            error={errorOf('username')}
            onChange={({ target }) => setUsername(target.value)}
          />
          <Field
            label={texts.email}
            type="email"
            autoComplete="off"
            value={email}
            error={errorOf('email')}
            onChange={({ target }) => setEmail(target.value)}
          />
          <Select
            label={texts.language}
            value={language}
            options={[
              ['zh', '中文'],
              ['en', 'English'],
            ]}
            onChoose={(chosen) => setLanguage(chosen === 'en' ? 'en' : 'zh')}
          />
        </>
      )}
    </ActDialog>
  );
}
