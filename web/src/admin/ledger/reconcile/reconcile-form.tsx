import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldErrors } from '../../../api/failure.ts';
import { given } from '../../../api/given.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Field } from '../../../parts/field.tsx';
import { Card } from '../../../parts/page-head.tsx';
import { Select } from '../../../parts/select.tsx';
import { TimeField } from '../../../parts/time-field.tsx';
import { useTexts } from '../../../texts.ts';
import { startJob, type Uploaded } from '../jobs/job-queries.ts';
import { type Against, askedOf, EMPTY, type Filled, formats, type Word, words } from './asked.ts';
import { reconcileTexts } from './reconcile.texts.ts';

/** How the file is to be compared: what it looks like is chosen already. */
export function ReconcileForm({ uploaded }: { readonly uploaded: Uploaded }) {
  const texts = useTexts(reconcileTexts);
  const navigate = useNavigate();
  const [against, setAgainst] = useState<Against>(
    uploaded.provider === null && uploaded.upstream !== null ? 'upstream' : 'psp',
  );
  const [filled, setFilled] = useState(EMPTY);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => startJob(given(askedOf(uploaded.file_id, against, filled))),
    onSuccess: ({ id }) => navigate({ to: '/admin/ledger/jobs/$id', params: { id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const parts = { filled, change: setFilled, errorOf: fieldErrors(error) };
  return (
    <Card title={texts.options}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={words} />
        <div className="calculator">
          <Select
            label={texts.against}
            value={against}
            options={[
              ['psp', texts.sides.psp],
              ['upstream', texts.sides.upstream],
            ]}
            onChoose={(value) => setAgainst(value === 'upstream' ? 'upstream' : 'psp')}
          />
          <DayWord {...parts} word="from" label={texts.from} />
          <DayWord {...parts} word="to" label={texts.to} />
          <WordField {...parts} word="tz" label={texts.zone} hint={texts.zoneHint} />
          {against === 'psp' ? <OfProvider {...parts} /> : <OfUpstream {...parts} />}
        </div>
        {against === 'upstream' && <Checks {...parts} />}
        <div className="actions">
          <button className="button primary" type="submit" disabled={isPending}>
            {texts.start}
          </button>
        </div>
      </form>
    </Card>
  );
}

interface PartProps {
  readonly filled: Filled;
  readonly change: (filled: Filled) => void;
  readonly errorOf: (field: string) => string | undefined;
}

interface WordFieldProps extends PartProps {
  readonly word: Word;
  readonly label: string;
  readonly hint?: string;
}

const WordField = ({ filled, change, errorOf, word, label, hint }: WordFieldProps) => (
  <Field
    label={label}
    hint={hint}
    type="text"
    spellCheck={false}
    value={filled[word]}
    error={errorOf(word)}
    onChange={({ target }) => change({ ...filled, [word]: target.value })}
  />
);

const DayWord = ({ filled, change, errorOf, word, label }: Omit<WordFieldProps, 'hint'>) => (
  <TimeField
    kind="date"
    label={label}
    value={filled[word]}
    error={errorOf(word)}
    onChoose={(day) => change({ ...filled, [word]: day })}
  />
);

function OfProvider(parts: PartProps) {
  const texts = useTexts(reconcileTexts);
  const { filled, change } = parts;
  return (
    <>
      <Select
        label={texts.format}
        value={filled.provider}
        options={[['', texts.byHeader], ...formats.map((each) => [each, each] as const)]}
        onChoose={(provider) => change({ ...filled, provider })}
      />
      <WordField {...parts} word="rate" label={texts.rate} hint={texts.rateHint} />
      <WordField {...parts} word="tolerance" label={texts.tolerance} hint={texts.toleranceHint} />
      <WordField {...parts} word="prefix" label={texts.prefix} hint={texts.optional} />
      <WordField {...parts} word="id_column" label={texts.idColumn} hint={texts.optional} />
    </>
  );
}

function OfUpstream(parts: PartProps) {
  const texts = useTexts(reconcileTexts);
  return (
    <>
      <WordField {...parts} word="channel" label={texts.channel} hint={texts.channelHint} />
      <WordField {...parts} word="model" label={texts.model} hint={texts.modelHint} />
    </>
  );
}

function Checks({ filled, change }: PartProps) {
  const texts = useTexts(reconcileTexts);
  return [['by_day', texts.byDay] as const, ['by_channel', texts.byChannel] as const].map(([name, label]) => (
    <label className="check" key={name}>
      <input
        type="checkbox"
        checked={filled[name]}
        onChange={({ target }) => change({ ...filled, [name]: target.checked })}
      />
      {label}
    </label>
  ));
}
