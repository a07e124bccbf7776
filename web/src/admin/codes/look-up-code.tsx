import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldErrors } from '../../api/failure.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { lookUpCode } from './code-queries.ts';
import { codesTexts } from './codes.texts.ts';
import { VoidCode } from './void-codes.tsx';

type Found = Awaited<ReturnType<typeof lookUpCode>>;

/** What became of a code that somebody asks about. */
export function LookUpCode() {
  const texts = useTexts(codesTexts);
  const may = useMay();
  const [code, setCode] = useState('');
  const [voids, setVoids] = useState(false);
  const { mutate, data, error, isPending, reset } = useMutation({ mutationFn: () => lookUpCode(code) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Card title={texts.lookUp}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={['code']} />
        <Field
          label={texts.code}
          value={code}
          autoComplete="off"
          spellCheck={false}
          error={fieldErrors(error)('code')}
          onChange={({ target }) => {
            setCode(target.value);
            reset();
          }}
        />
        {data && <CodeFound found={data} />}
        <div className="actions">
          <button className="button" type="submit" disabled={isPending || code.trim() === ''}>
            {texts.find}
          </button>
          {data?.status === 'open' && may('payments:write') && (
            <button className="button quiet" type="button" onClick={() => setVoids(true)}>
              {texts.voidCode}
            </button>
          )}
        </div>
      </form>
      {voids && (
        <VoidCode
          code={code}
          onClose={() => {
            setVoids(false);
            reset();
          }}
        />
      )}
    </Card>
  );
}

function CodeFound({ found }: { readonly found: Found }) {
  const texts = useTexts(codesTexts);
  const zone = useZone();
  return (
    <p>
      <strong>{texts.codeStatuses[found.status]}</strong> {texts.ofBatch(found.batch_name)}
      {found.used_at !== null && found.external_user_id !== null && (
        <>
          {', '}
          {texts.usedBy(moment(found.used_at, zone))}{' '}
          <Link to="/admin/users/$id" params={{ id: found.external_user_id }}>
            {found.external_user_id}
          </Link>
        </>
      )}
      {found.voided_because !== null && <>: {found.voided_because}</>}
    </p>
  );
}
