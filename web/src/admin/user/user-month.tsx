import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Table } from '../../parts/table.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { useTexts } from '../../texts.ts';
import { statementQuery } from './user-queries.ts';
import { userBooksTexts } from './user-books.texts.ts';

/** A month of a user by the journal: opening, what moved it, closing; top-ups and models. */
export function UserMonth({ id }: { readonly id: string }) {
  const texts = useTexts(userBooksTexts);
  const zone = useZone();
  const [chosen, setChosen] = useState('');
  const [opened] = useState(() => Date.now() / 1000);
  const month = chosen || moment(opened, zone).slice(0, 7);
  const statement = useQuery(statementQuery(id, month));
  return (
    <div className="card-body">
      <TimeField label={texts.month} kind="month" value={month} onChoose={setChosen} />
      <Loaded query={statement} skeleton={<span className="skeleton mid" />}>
        {(data) => <Month {...data} />}
      </Loaded>
    </div>
  );
}

type Statement = Awaited<ReturnType<NonNullable<ReturnType<typeof statementQuery>['queryFn']>>>;

function Month(statement: Statement) {
  const texts = useTexts(userBooksTexts);
  const { opening, closing, failed_calls, timezone, position } = statement;
  const movements = (['credits', 'grants', 'refunds', 'consumption', 'adjustments'] as const).map(
    (kind) => [texts[kind](count(statement[kind].count)), statement[kind].quota] as const,
  );
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{texts.opening}</dt>
          <dd>
            <Money quota={opening} />
          </dd>
        </div>
        {movements.map(([name, quota]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Money quota={quota} moves={quota < 0 ? 'out' : 'in'} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{texts.failed}</dt>
          <dd>{count(failed_calls)}</dd>
        </div>
        <div className="total">
          <dt>{texts.closing}</dt>
          <dd>
            <Money quota={closing} />
          </dd>
        </div>
      </dl>
      <TopUps topUps={statement.credits.top_ups} />
      <Models models={statement.consumption.by_model} />
      <p className="meta">{texts.zone(timezone, count(position))}</p>
    </>
  );
}

function TopUps({ topUps }: { readonly topUps: Statement['credits']['top_ups'] }) {
  const texts = useTexts(userBooksTexts);
  const zone = useZone();
  if (topUps.length === 0) return <p className="muted">{texts.noTopUps}</p>;
  return (
    <Table
      label={texts.topUps}
      columns={texts.topUpColumns.map((name, index) => ({ name, isFigure: index === 1 || index === 2 }))}
    >
      {topUps.map(({ payment_id, amount_usd, quota, recorded_at }) => (
        <tr key={payment_id}>
          <th scope="row">{payment_id}</th>
          <td className="figure">
            <Money usd={amount_usd} moves="in" meaning="credit" />
          </td>
          <td className="figure">{count(quota)}</td>
          <td>{moment(recorded_at, zone)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Models({ models }: { readonly models: Statement['consumption']['by_model'] }) {
  const texts = useTexts(userBooksTexts);
  if (models.length === 0) return <p className="muted">{texts.noModels}</p>;
  return (
    <Table
      label={texts.models}
      columns={texts.modelColumns.map((name, index) => ({ name, isFigure: index > 0 }))}
    >
      {models.map(({ model, calls, prompt_tokens, completion_tokens, quota }) => (
        <tr key={model}>
          <th scope="row">{model}</th>
          <td className="figure">{count(calls)}</td>
          <td className="figure">{count(prompt_tokens)}</td>
          <td className="figure">{count(completion_tokens)}</td>
          <td className="figure">
            <Money quota={Math.abs(quota)} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
