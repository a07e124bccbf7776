import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '../../api/client.ts';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { goToLink, identitiesQuery, providersQuery } from '../../session/providers.ts';
import { useTexts } from '../../texts.ts';
import { useAfterPassword } from './after-password.ts';
import { identityTexts } from './identities.texts.ts';

/** Services of others that one signs in with; nothing where there are none. */
export function IdentitiesCard() {
  const texts = useTexts(identityTexts);
  const providers = useQuery(providersQuery).data ?? [];
  const identities = useQuery(identitiesQuery);
  const after = useAfterPassword(identitiesQuery);
  const linked = identities.data ?? [];
  if (providers.length === 0 && linked.length === 0) return null;
  const free = providers.filter(({ name }) => !linked.some(({ provider }) => provider === name));
  const unlink = (id: string) =>
    after.act(async () => {
      await answer(api.DELETE('/api/auth/identities/{id}', { params: { path: { id } } }));
      say(texts.unlinked);
    });
  const { error } = after;
  const isWrong = hasStatus(error, 401) && error.facts.code === 'login_failed';
  return (
    <Card title={texts.title}>
      <Loaded query={identities} skeleton={<SkeletonLines lines={3} />}>
        {(shown) =>
          shown.length > 0 && <Linked identities={shown} isBusy={after.isPending} onUnlink={unlink} />
        }
      </Loaded>
      <div className="card-body">
        <p className="muted">
          {texts.lead} <Link to="/portal/forgot">{texts.noPassword}</Link>
        </p>
        {!isWrong && <FormFailure error={error} fields={['password']} />}
        <Field
          label={texts.password}
          name="identity_password"
          type="password"
          autoComplete="current-password"
          value={after.password}
          error={fieldErrors(error)('password') ?? (isWrong ? error.message : undefined)}
          onChange={({ target }) => after.setPassword(target.value)}
        />
        <div className="actions">
          {free.map(({ name, label }) => (
            <button
              className="button"
              type="button"
              key={name}
              disabled={after.isPending}
              onClick={() => after.act(() => goToLink(name))}
            >
              <Icon name="plus" />
              {texts.link(label)}
            </button>
          ))}
        </div>
      </div>
    </Card>
  );
}

interface LinkedProps {
  readonly identities: readonly { readonly id: string; readonly label: string }[];
  readonly isBusy: boolean;
  readonly onUnlink: (id: string) => void;
}

function Linked({ identities, isBusy, onUnlink }: LinkedProps) {
  const texts = useTexts(identityTexts);
  const columns = [{ name: texts.service }, { name: texts.unlink, isHidden: true }];
  return (
    <Table label={texts.title} columns={columns}>
      {identities.map(({ id, label }) => (
        <tr key={id}>
          <th scope="row">{label}</th>
          <td>
            <button
              className="button small"
              type="button"
              aria-label={`${texts.unlink}: ${label}`}
              disabled={isBusy}
              onClick={() => onUnlink(id)}
            >
              {texts.unlink}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
