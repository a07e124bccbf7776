import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { personQuery } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { statementFile, statementQuery } from './billing-queries.ts';
import { billingTexts } from './billing.texts.ts';
import { SumsReceipt } from './sums-receipt.tsx';

const route = getRouteApi('/_portal/_signed-in/portal/billing/$month');

/** A month on paper: what it began and ended with, and what each model cost. */
export function StatementPage() {
  const texts = useTexts(billingTexts);
  const { month } = route.useParams();
  const { data: person } = useQuery(personQuery);
  const statement = useQuery(statementQuery(month));
  const { timezone, complete } = statement.data ?? {};
  return (
    <>
      <PageHead
        title={texts.statement(month)}
        crumb={
          <Link className="crumb" to="/portal/billing">
            <Icon name="back" small />
            {texts.title}
          </Link>
        }
        lead={[person?.username, timezone, complete === false && texts.running].filter(Boolean).join(' · ')}
        actions={
          <>
            <a className="button" href={statementFile(month)} download>
              <Icon name="download" />
              {texts.download}
            </a>
            <button className="button" type="button" onClick={() => print()}>
              <Icon name="print" />
              {texts.print}
            </button>
          </>
        }
      />
      <Loaded
        query={statement}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(shown) => (
          <>
            <SumsReceipt sums={shown} range={`${month} ${shown.timezone}`} />
            <ByModel models={shown.by_model} spent={shown.spent.quota} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface ByModelProps {
  readonly models: readonly {
    readonly model: string;
    readonly calls: number;
    readonly tokens: number;
    readonly quota: number;
  }[];
  readonly spent: number;
}

function ByModel({ models, spent }: ByModelProps) {
  const texts = useTexts(billingTexts);
  const columns = texts.modelColumns.map((name, index) => ({ name, isFigure: index > 0 }));
  if (models.length === 0) return <p className="muted">{texts.noCalls}</p>;
  const total = (of: 'calls' | 'tokens') => count(models.reduce((sum, each) => sum + each[of], 0));
  return (
    <Card title={texts.byModel}>
      <Table
        label={texts.byModel}
        columns={columns}
        foot={
          <tfoot>
            <tr>
              <th scope="row">{texts.total}</th>
              <td className="figure">{total('calls')}</td>
              <td className="figure">{total('tokens')}</td>
              <td className="figure">
                <Money quota={spent} />
              </td>
            </tr>
          </tfoot>
        }
      >
        {models.map(({ model, calls, tokens, quota }) => (
          <tr key={model}>
            <th scope="row">{model}</th>
            <td className="figure">{count(calls)}</td>
            <td className="figure">{count(tokens)}</td>
            <td className="figure">
              <Money quota={quota} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
