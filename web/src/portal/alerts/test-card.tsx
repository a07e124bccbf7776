import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { alertsTexts } from './alerts.texts.ts';

/** Whether alerts arrive, before they have to. */
export function TestCard() {
  const texts = useTexts(alertsTexts);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/user/alerts/test'))).data,
  });
  return (
    <Card title={texts.test}>
      <div className="card-body">
        <p className="muted">{texts.testLead}</p>
        <FormFailure error={error} />
        <div className="actions">
          <button className="button" type="button" disabled={isPending} onClick={() => mutate()}>
            {texts.test}
          </button>
        </div>
        <div className="stack-tight small" aria-live="polite">
          {data?.mail && (
            <p>{data.mail.delivered ? texts.sentMail : texts.failedMail(data.mail.reason ?? '')}</p>
          )}
          {data?.webhook && (
            <p>{data.webhook.delivered ? texts.sentHook : texts.failedHook(data.webhook.reason ?? '')}</p>
          )}
          {data && !data.mail && !data.webhook && <p>{texts.nothingChosen}</p>}
        </div>
      </div>
    </Card>
  );
}
