import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../api/failure.ts';
import { useZone } from '../api/status.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { dateTime } from '../format/dates.ts';
import { FormFailure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { Loaded, SkeletonLines } from '../parts/loaded.tsx';
import { Card } from '../parts/page-head.tsx';
import { Table } from '../parts/table.tsx';
import { say } from '../parts/toasts.tsx';
import { canPasskeys, wasLeft } from '../session/passkeys.ts';
import { useTexts } from '../texts.ts';
import { type AfterPassword, useAfterPassword } from './after-password.ts';
import { browserName } from '../format/browser-name.ts';
import type { PasskeyDesk, ShownPasskey } from './passkey-desk.ts';
import { passkeyTexts } from './passkeys.texts.ts';

const LAST_COLUMN = 4;

/** Devices that sign in by themselves. */
export function PasskeysCard({ desk }: { readonly desk: PasskeyDesk }) {
  const texts = useTexts(passkeyTexts);
  const passkeys = useQuery({ queryKey: desk.key, queryFn: ({ signal }) => desk.list(signal) });
  const after = useAfterPassword(desk.key, desk.prove);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const change = ({ id, second_step }: ShownPasskey) =>
    after.act(async () => setCodes(await desk.ask(id, !second_step)));
  const remove = ({ id }: ShownPasskey) =>
    after.act(async () => {
      await desk.remove(id);
      say(texts.removed);
    });
  const columns = texts.columns.map((name, index) => ({ name, isHidden: index === LAST_COLUMN }));
  return (
    <Card title={texts.title}>
      <Loaded query={passkeys} skeleton={<SkeletonLines lines={3} />}>
        {({ available, passkeys: shown }) => (
          <>
            {shown.length > 0 && (
              <Table label={texts.title} columns={columns}>
                {shown.map((each) => (
                  <PasskeyRow
                    key={each.id}
                    passkey={each}
                    isBusy={after.isPending}
                    onChange={() => change(each)}
                    onRemove={() => remove(each)}
                  />
                ))}
              </Table>
            )}
            <PasskeyForm
              add={desk.add}
              after={after}
              canAdd={available && canPasskeys()}
              hasSome={shown.length > 0}
            />
          </>
        )}
      </Loaded>
      {codes.length > 0 && <RecoveryCodes codes={codes} onClose={() => setCodes([])} />}
    </Card>
  );
}

interface PasskeyFormProps {
  readonly add: PasskeyDesk['add'];
  readonly after: AfterPassword;
  readonly canAdd: boolean;
  readonly hasSome: boolean;
}

/** The password for all that is done here, and the name of a device to be added. */
function PasskeyForm({ add, after, canAdd, hasSome }: PasskeyFormProps) {
  const texts = useTexts(passkeyTexts);
  const [name, setName] = useState(() => browserName(navigator.userAgent));
  const { error } = after;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!canAdd) return;
    after.act(async () => {
      await add(name);
      say(texts.added);
    });
  };
  const isWrong = hasStatus(error, 401) && error.facts.code === 'login_failed';
  return (
    <form className="card-body" onSubmit={submit} noValidate>
      <p className="muted">{canAdd ? texts.lead : texts.unavailable}</p>
      {!isWrong && !wasLeft(error) && <FormFailure error={error} fields={['name', 'password']} />}
      {(canAdd || hasSome) && (
        <div className="pair">
          {canAdd && (
            <Field
              label={texts.name}
              name="passkey_name"
              value={name}
              error={fieldErrors(error)('name')}
              onChange={({ target }) => setName(target.value)}
            />
          )}
          <Field
            label={texts.password}
            name="passkey_password"
            type="password"
            autoComplete="current-password"
            value={after.password}
            error={fieldErrors(error)('password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => after.setPassword(target.value)}
          />
        </div>
      )}
      {canAdd && (
        <div className="actions">
          <button className="button" type="submit" disabled={after.isPending}>
            {texts.add}
          </button>
        </div>
      )}
    </form>
  );
}

interface PasskeyRowProps {
  readonly passkey: ShownPasskey;
  readonly isBusy: boolean;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

function PasskeyRow({ passkey, isBusy, onChange, onRemove }: PasskeyRowProps) {
  const texts = useTexts(passkeyTexts);
  const zone = useZone();
  const { name, created_at, used_at, second_step } = passkey;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <time>{dateTime(created_at * 1000, zone)}</time>
      </td>
      <td>{used_at === null ? texts.never : <time>{dateTime(used_at * 1000, zone)}</time>}</td>
      <td>
        <label className="check">
          <input
            type="checkbox"
            aria-label={texts.asks(name)}
            checked={second_step}
            disabled={isBusy}
            onChange={onChange}
          />
        </label>
      </td>
      <td>
        <button
          className="button small"
          type="button"
          aria-label={`${texts.remove}: ${name}`}
          disabled={isBusy}
          onClick={onRemove}
        >
          {texts.remove}
        </button>
      </td>
    </tr>
  );
}
