import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { moneyParts, quotaOfUsd, usdOfQuota } from '../../format/money.ts';
import { Code } from '../../parts/code.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { type Alerts, alertsQuery } from './alerts-queries.ts';
import { alertsTexts } from './alerts.texts.ts';

/** `5.00`, as it is typed. */
function typed(quota: number | null): string {
  if (quota === null) return '';
  const { dollars, cents, tail } = moneyParts(usdOfQuota(quota));
  return `${dollars}.${cents}${tail.replace(/0+$/, '')}`;
}

const draftOf = (alerts: Alerts) => ({
  below: typed(alerts.below_quota),
  keyUse: alerts.key_use,
  unusualDay: alerts.unusual_day,
  byMail: alerts.by_mail,
  webhook: alerts.webhook_url ?? '',
  isAnother: false,
});

type Draft = ReturnType<typeof draftOf>;

/** Null: not; undefined: what is typed is no amount. */
const quotaOf = ({ below }: Draft) => (below.trim() === '' ? null : quotaOfUsd(below));

const save = async (draft: Draft) =>
  (
    await answer(
      api.PUT('/api/user/alerts', {
        body: {
          below_quota: quotaOf(draft) ?? null,
          key_use: draft.keyUse,
          unusual_day: draft.unusualDay,
          by_mail: draft.byMail,
          webhook_url: draft.webhook.trim() || null,
          new_secret: draft.isAnother,
        },
      }),
    )
  ).data;

export function AlertsForm({ alerts }: { readonly alerts: Alerts }) {
  const texts = useTexts(alertsTexts);
  const [draft, setDraft] = useState(() => draftOf(alerts));
  const [isWrong, setWrong] = useState(false);
  const quota = quotaOf(draft);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => save(draft),
    onSuccess: (saved) => {
      queryClient.setQueryData(alertsQuery.queryKey, { ...saved, webhook_secret: null });
      setDraft(draftOf(saved));
      say(texts.saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(quota === undefined);
    if (quota !== undefined) mutate();
  };
  const ofField = fieldErrors(error);
  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const check = (name: 'keyUse' | 'unusualDay' | 'byMail' | 'isAnother', label: string) => (
    <label className="check">
      <input
        type="checkbox"
        checked={draft[name]}
        onChange={({ target }) => change({ [name]: target.checked })}
      />
      {label}
    </label>
  );
  return (
    <Card title={texts.what}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={['below_quota', 'webhook_url']} />
        <Field
          label={texts.below}
          hint={texts.belowHint}
          name="below"
          prefix="$"
          inputMode="decimal"
          value={draft.below}
          error={isWrong ? texts.notAmount : ofField('below_quota')}
          onChange={({ target }) => change({ below: target.value })}
        />
        {check('keyUse', texts.key)}
        {check('unusualDay', texts.day)}
        <h3>{texts.where}</h3>
        {check('byMail', alerts.mail_to === '' ? texts.noAddress : texts.mail(alerts.mail_to))}
        <Field
          label={texts.webhook}
          hint={texts.webhookHint}
          name="webhook"
          type="url"
          placeholder="https://"
          value={draft.webhook}
          error={ofField('webhook_url')}
          onChange={({ target }) => change({ webhook: target.value })}
        />
        {alerts.webhook_url !== null && check('isAnother', texts.another)}
        {data?.webhook_secret && <Secret text={data.webhook_secret} />}
        <div className="actions">
          <button className="button primary" type="submit" disabled={isPending}>
            {texts.save}
          </button>
        </div>
      </form>
    </Card>
  );
}

/** Shown once: whoever checks the signatures needs it. */
function Secret({ text }: { readonly text: string }) {
  const texts = useTexts(alertsTexts);
  return (
    <div className="stack-tight" role="status">
      <strong>{texts.secret}</strong>
      <Code label={texts.secret} text={text} />
      <p className="small muted">{texts.secretOnce}</p>
    </div>
  );
}
