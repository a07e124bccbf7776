import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { csvText } from '../../format/csv.ts';
import { download } from '../../format/download.ts';
import { count } from '../../format/numbers.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { newId } from '../parts/new-id.ts';
import { codesTexts } from './codes.texts.ts';

const empty = { name: '', codes: '', amount_usd: '', ends_at: '', grant_days: '' };
type Draft = typeof empty;

/** What was made, with the codes as long as they are told. */
export type Made = Awaited<ReturnType<typeof make>>['data'];

const make = ({ grant_days, codes, ...draft }: Draft, reference: string) =>
  answer(
    api.POST('/api/admin/codes', {
      body: {
        ...{ ...draft, codes: Number(codes), reference },
        ...(grant_days.trim() !== '' && { grant_days: Number(grant_days) }),
      },
    }),
  );

interface MakeCodesProps {
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}

/** Makes a batch of codes. */
export function MakeCodes({ onMade, onClose }: MakeCodesProps) {
  const texts = useTexts(codesTexts);
  const zone = useZone();
  const [draft, setDraft] = useState(empty);
  const [reference] = useState(() => newId('codes'));
  const field = (name: keyof Draft) => ({
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setDraft((before) => ({ ...before, [name]: target.value })),
  });
  return (
    <ActDialog
      title={texts.make}
      effect={texts.makeEffect}
      action={texts.make}
      asksReason={false}
      fields={Object.keys(empty)}
      act={async () => {
        const { data } = await make(draft, reference);
        onMade(data);
        return data;
      }}
      said={texts.made}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field label={texts.name} hint={texts.nameHint} error={errorOf('name')} {...field('name')} />
          <Field label={texts.count} inputMode="numeric" error={errorOf('codes')} {...field('codes')} />
          <Field
            label={texts.amount}
            prefix="$"
            inputMode="decimal"
            error={errorOf('amount_usd')}
            {...field('amount_usd')}
          />
          <TimeField
            kind="date"
            label={texts.ends}
            hint={texts.endsHint(zone)}
            error={errorOf('ends_at')}
            value={draft.ends_at}
            onChoose={(day) => setDraft((before) => ({ ...before, ends_at: day }))}
          />
          <Field
            label={texts.grantDays}
            hint={texts.grantDaysHint}
            inputMode="numeric"
            error={errorOf('grant_days')}
            {...field('grant_days')}
          />
        </>
      )}
    </ActDialog>
  );
}

/** The codes, this once. */
export function MadeCodes({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const texts = useTexts(codesTexts);
  const { batch, codes } = made;
  const save = () => {
    const rows = (codes ?? []).map((code) => [code, batch.usd, batch.ends_at]);
    const csv = csvText([['code', 'usd', 'ends_at'], ...rows]);
    download(`codes-${batch.batch_id.slice(0, 8)}.csv`, csv, 'text/csv');
  };
  return (
    <Dialog title={texts.madeTitle(count(batch.codes))} onClose={onClose}>
      <div className="dialog-body">
        <p>{codes === null ? texts.toldBefore : texts.madeLead}</p>
      </div>
      <div className="dialog-foot">
        <button className="button" type="button" onClick={onClose}>
          {texts.close}
        </button>
        {codes !== null && (
          <button className="button primary" type="button" onClick={save}>
            {texts.download}
          </button>
        )}
      </div>
    </Dialog>
  );
}
