import { useQuery } from '@tanstack/react-query';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { QUOTA_PER_USD, roundedUsd } from '../../format/money.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { AlertsForm } from './alerts-form.tsx';
import { type Alerts, alertsQuery } from './alerts-queries.ts';
import { alertsTexts } from './alerts.texts.ts';
import { TestCard } from './test-card.tsx';

/** What one is told of, where, and what was told. */
export function AlertsPage() {
  const texts = useTexts(alertsTexts);
  const alerts = useQuery(alertsQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded
        query={alerts}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(data) => (
          <>
            <div className="split">
              <AlertsForm alerts={data} />
              <TestCard />
            </div>
            <Notices notices={data.notices} />
          </>
        )}
      </Loaded>
    </>
  );
}

type Notice = Alerts['notices'][number];

function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const texts = useTexts(alertsTexts);
  const zone = useZone();
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 2 }));
  return (
    <Card title={texts.told} foot={texts.times(zone)}>
      {notices.length === 0 ? (
        <div className="empty">
          <p>{texts.none}</p>
        </div>
      ) : (
        <Table label={texts.told} columns={columns}>
          {notices.map((notice, index) => (
            <tr key={index}>
              <th scope="row">
                <time>{moment(notice.told_at, zone)}</time>
              </th>
              <td>
                <Said alert={notice.alert} />
              </td>
              <td className="figure">
                <Money quota={figure(notice.alert, ['balance', 'used', 'spent'])} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

/** The first of these that the alert has. */
const figure = (alert: Notice['alert'], names: readonly string[]): number =>
  Number(names.map((name) => alert[name]).find((value) => value !== undefined) ?? 0);

const dollars = (quota: number) => roundedUsd(quota / QUOTA_PER_USD);

function Said({ alert }: Pick<Notice, 'alert'>) {
  const texts = useTexts(alertsTexts);
  if (alert.kind === 'balance') return texts.belowOf(dollars(figure(alert, ['below'])));
  if (alert.kind === 'key') return texts.keyAt(String(alert.token_id), String(alert.percent));
  return texts.dayOf(String(alert.day), dollars(figure(alert, ['usual'])));
}
