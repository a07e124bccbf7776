import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { linkSecret } from '../../session/link-secret.ts';
import { useTexts } from '../../texts.ts';
import { LinkPage } from './link-page.tsx';
import { recoverTexts } from './recover.texts.ts';

/** The link that was mailed to a new address. */
export function EmailPage() {
  const texts = useTexts(recoverTexts);
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/email/confirm', { body: { token: linkSecret() } })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <LinkPage
      title={texts.emailTitle}
      lead={texts.emailLead}
      button={texts.confirmEmail}
      use={confirm}
      done={<strong>{texts.emailDone}</strong>}
      next={{ to: '/portal/settings', label: texts.toSettings }}
    />
  );
}
