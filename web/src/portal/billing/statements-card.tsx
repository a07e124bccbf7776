import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { statementFile, statementsQuery } from './billing-queries.ts';
import { billingTexts } from './billing.texts.ts';
import { SignedMoney } from './sums-receipt.tsx';

const SKELETON_ROWS = 3;

/** Each month with what it began and ended with; opens as a page to be printed. */
export function StatementsCard() {
  const texts = useTexts(billingTexts);
  const statements = useQuery(statementsQuery);
  const last = texts.monthColumns.length - 1;
  const columns = texts.monthColumns.map((name, index) => ({ name, isFigure: index > 0 && index < last }));
  return (
    <Card title={texts.months} foot={texts.monthsLead}>
      <Loaded
        query={statements}
        skeleton={
          <SkeletonTable className="two-lines" label={texts.months} columns={columns} rows={SKELETON_ROWS} />
        }
      >
        {({ statements: months }) => (
          <Table className="two-lines" label={texts.months} columns={columns}>
            {months.map(({ month, complete, ...sums }) => (
              <tr key={month}>
                <th scope="row" className="two">
                  <Link to="/portal/billing/$month" params={{ month }}>
                    {month}
                  </Link>
                  {!complete && <small>{texts.running}</small>}
                </th>
                <td className="figure">
                  <Money quota={sums.opening.quota} />
                </td>
                <td className="figure">
                  <SignedMoney quota={sums.credited.quota} />
                </td>
                <td className="figure">
                  <SignedMoney quota={sums.granted.quota} />
                </td>
                <td className="figure">
                  <SignedMoney quota={-sums.spent.quota} />
                </td>
                <td className="figure">
                  <SignedMoney quota={-sums.refunded.quota} />
                </td>
                <td className="figure">
                  <SignedMoney quota={sums.adjusted.quota} />
                </td>
                <td className="figure on-line-1">
                  <Money quota={sums.closing.quota} />
                </td>
                <td className="on-line-2 last">
                  <a
                    className="button quiet small"
                    href={statementFile(month)}
                    download
                    aria-label={texts.csvOf(month)}
                  >
                    <Icon name="download" small />
                    {texts.csv}
                  </a>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Card>
  );
}
