import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import { countdown } from '../../format/dates.ts';
import { useCountdown } from '../../parts/countdown.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { registerTexts } from './register.texts.ts';

/** A mail is on its way; another one may be asked for after a while. */
export function Sent({ email, waitSeconds }: { readonly email: string; readonly waitSeconds: number }) {
  const texts = useTexts(registerTexts);
  const [wait, setWait] = useState({ seconds: waitSeconds });
  const left = useCountdown(wait.seconds, wait);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.POST('/api/user/resend-verification', { body: { email } })),
    onSuccess: ({ data }) => {
      setWait({ seconds: data.resend_after_seconds });
      say(texts.resent);
    },
    onError: (failure) => {
      const seconds = failure instanceof ApiFailure ? failure.facts.retryAfterSeconds : undefined;
      if (seconds !== undefined) setWait({ seconds });
    },
  });
  usePageTitle(texts.sentTitle);
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.sentTitle}</h1>
        <p>
          {texts.sent} <strong>{email}</strong>
        </p>
        <p className="muted">{texts.sentAdvice}</p>
        <FormFailure error={error} />
        <button
          className="button wide"
          type="button"
          disabled={left > 0 || isPending}
          onClick={() => mutate()}
        >
          {left > 0 ? <span className="num">{texts.resendIn(countdown(left))}</span> : texts.resend}
        </button>
      </div>
    </Gate>
  );
}
