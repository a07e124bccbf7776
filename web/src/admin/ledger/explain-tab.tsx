import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { Explanation } from '../explanation/explanation.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { anyQuery } from './ledger-queries.ts';
import { ledgerTexts } from './ledger.texts.ts';

const route = getRouteApi('/_admin/admin/ledger');

/** Where a figure comes from, whatever has the id. */
export function ExplainTab() {
  const texts = useTexts(ledgerTexts);
  const { id } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <section className="card">
        <div className="card-body">
          <SearchBox
            label={texts.explain}
            hint={texts.explainHint}
            value={id ?? ''}
            onSearch={(text) => void navigate({ search: text === '' ? {} : { id: text } })}
          />
          {id === undefined && <p className="muted">{texts.explainEmpty}</p>}
        </div>
      </section>
      {id !== undefined && <Found id={id} />}
    </>
  );
}

function Found({ id }: { readonly id: string }) {
  const texts = useTexts(ledgerTexts);
  const navigate = route.useNavigate();
  const found = useQuery(anyQuery(id));
  return (
    <Loaded
      query={found}
      skeleton={
        <section className="card">
          <SkeletonLines lines={9} />
        </section>
      }
    >
      {({ explanations, users, keys }) => (
        <>
          <h2 className="hidden-text">{texts.found(id)}</h2>
          {explanations.map((explanation, index) => (
            <Explanation key={index} explanation={explanation} />
          ))}
          {users.length > 0 && <Users users={users} />}
          {keys.length > 0 && <Keys keys={keys} />}
          {explanations.length + users.length + keys.length === 0 && (
            <section className="card">
              <Nothing text={texts.nothingHas(id)} onClear={() => void navigate({ search: {} })} />
            </section>
          )}
        </>
      )}
    </Loaded>
  );
}

type Any = Awaited<ReturnType<NonNullable<ReturnType<typeof anyQuery>['queryFn']>>>;

function Users({ users }: Pick<Any, 'users'>) {
  const texts = useTexts(ledgerTexts);
  return (
    <Card title={texts.users}>
      <div className="card-body">
        <dl className="facts">
          {users.map(({ external_user_id: id, username }) => (
            <div key={id}>
              <dt>
                <Link to="/admin/users/$id" params={{ id }}>
                  {username || id}
                </Link>
              </dt>
              <dd>
                <Link to="/admin/ledger" search={{ tab: 'events', user: id }}>
                  {texts.showEvents}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}

function Keys({ keys }: Pick<Any, 'keys'>) {
  const texts = useTexts(ledgerTexts);
  return (
    <Card title={texts.keys}>
      <div className="card-body">
        <dl className="facts">
          {keys.map(({ token_id, name, key, external_user_id: id }) => (
            <div key={token_id}>
              <dt>
                {name} <code>{key}</code>{' '}
                <Link to="/admin/users/$id" params={{ id }} search={{ tab: 'keys' }}>
                  {texts.keyOf(id)}
                </Link>
              </dt>
              <dd>
                <Link to="/admin/ledger" search={{ tab: 'events', stream: `token-${token_id}` }}>
                  {texts.showEvents}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
