import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Alert } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';

export type Act = 'acknowledge' | 'snooze' | 'resolve';
const hours = [1, 4, 24, 168] as const;
type Hours = (typeof hours)[number];

interface AlertDialogProps {
  readonly alert: Alert;
  readonly act: Act;
  readonly onClose: () => void;
}

/** What is said of an alert. */
export function AlertDialog({ alert: { id, summary }, act, onClose }: AlertDialogProps) {
  const texts = useTexts(alertsTexts);
  const [chosen, setChosen] = useState<Hours>(4);
  const params = { path: { id } };
  const acts = {
    acknowledge: () => answer(api.POST('/api/admin/alerts/fired/{id}/acknowledge', { params })),
    resolve: () => answer(api.POST('/api/admin/alerts/fired/{id}/resolve', { params })),
    snooze: () =>
      answer(api.POST('/api/admin/alerts/fired/{id}/snooze', { params, body: { hours: chosen } })),
  };
  const effects = { acknowledge: summary, resolve: texts.resolveEffect, snooze: texts.snoozeEffect };
  const said = { acknowledge: texts.acknowledged, resolve: texts.ended, snooze: texts.snoozed };
  return (
    <ActDialog
      title={texts[act]}
      effect={effects[act]}
      action={texts[act]}
      asksReason={false}
      act={() => acts[act]()}
      said={said[act]}
      onClose={onClose}
    >
      {() =>
        act === 'snooze' && (
          <Select
            label={texts.hours}
            value={String(chosen)}
            options={hours.map((each) => [String(each), texts.hoursOf[each]])}
            onChoose={(value) => setChosen(hours.find((each) => String(each) === value) ?? 4)}
          />
        )
      }
    </ActDialog>
  );
}
