import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { Nothing } from '../parts/nothing.tsx';
import { type Act, AlertDialog } from './alert-dialog.tsx';
import { type Alert, firedQuery } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';
import { Rules } from './rules.tsx';

/** What somebody must know of now, what is over, and what is told of to whom. */
export function AlertsPage() {
  const texts = useTexts(alertsTexts);
  const fired = useQuery(firedQuery);
  const [asked, setAsked] = useState<{ readonly alert: Alert; readonly act: Act }>();
  const columns = texts.columns.map((name) => ({ name }));
  const overColumns = texts.overColumns.map((name) => ({ name }));
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Card title={texts.open}>
        <Loaded query={fired} skeleton={<SkeletonTable label={texts.open} columns={columns} rows={2} />}>
          {(alerts) => (
            <Open
              alerts={alerts.filter(({ state }) => state === 'open')}
              onAct={(alert, act) => setAsked({ alert, act })}
            />
          )}
        </Loaded>
      </Card>
      <Card title={texts.resolved}>
        <Loaded
          query={fired}
          skeleton={<SkeletonTable label={texts.resolved} columns={overColumns} rows={2} />}
        >
          {(alerts) => <Over alerts={alerts.filter(({ state }) => state === 'resolved')} />}
        </Loaded>
      </Card>
      <Rules />
      {asked && <AlertDialog {...asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface OpenProps {
  readonly alerts: readonly Alert[];
  readonly onAct: (alert: Alert, act: Act) => void;
}

function Open({ alerts, onAct }: OpenProps) {
  const texts = useTexts(alertsTexts);
  const zone = useZone();
  const mayAct = useMay()('alerts:write');
  if (alerts.length === 0) return <Nothing text={texts.noneOpen} />;
  const shown = mayAct ? texts.columns : texts.columns.slice(0, -1);
  return (
    <Table label={texts.open} columns={shown.map((name) => ({ name }))}>
      {alerts.map((alert) => (
        <tr key={alert.id}>
          <th scope="row">{moment(alert.raised_at, zone)}</th>
          <td className="wrap">
            <What alert={alert} />
          </td>
          <td className="two">
            <State alert={alert} />
          </td>
          {mayAct && (
            <td>
              <span className="actions">
                {alert.acknowledged_by === null && (
                  <ActButton alert={alert} act="acknowledge" onAct={onAct} />
                )}
                <ActButton alert={alert} act="snooze" onAct={onAct} />
                <ActButton alert={alert} act="resolve" onAct={onAct} />
              </span>
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

const labels = { acknowledge: 'acknowledgeOf', snooze: 'snoozeOf', resolve: 'resolveOf' } as const;

function ActButton({
  alert,
  act,
  onAct,
}: Pick<OpenProps, 'onAct'> & { readonly alert: Alert; readonly act: Act }) {
  const texts = useTexts(alertsTexts);
  return (
    <button
      className="button small"
      type="button"
      aria-label={texts[labels[act]](alert.key)}
      onClick={() => onAct(alert, act)}
    >
      {texts[act]}
    </button>
  );
}

/** What a figure was when it reached its mark. */
const figureOf = ({ details }: Alert): string => count(Number(details['value'] ?? 0));

/** What the sentence of a state names. */
const wordsOf = ({ details }: Alert): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)]));

function What({ alert }: { readonly alert: Alert }) {
  const texts = useTexts(alertsTexts);
  const [name] = texts.kinds[alert.kind] ?? [alert.kind];
  return (
    <>
      <span className={`badge ${alert.severity === 'critical' ? 'refused' : 'warning'}`}>
        {texts[alert.severity]}
      </span>{' '}
      <strong>{name}</strong>
      <br />
      {texts.figures[alert.kind]?.(figureOf(alert)) ??
        texts.stories[alert.kind]?.(wordsOf(alert)) ??
        alert.summary}
      {alert.occurrence > 1 && <small> {texts.times(count(alert.occurrence))}</small>}
    </>
  );
}

function State({ alert: { acknowledged_by, acknowledged_at, snoozed_until } }: { readonly alert: Alert }) {
  const texts = useTexts(alertsTexts);
  const zone = useZone();
  if (snoozed_until !== null)
    return (
      <>
        <span className="badge off">{texts.states.snoozed}</span>
        <small>{texts.until(moment(snoozed_until, zone))}</small>
      </>
    );
  if (acknowledged_by !== null && acknowledged_at !== null)
    return (
      <>
        <span className="badge held">{texts.states.seen}</span>
        <small>{texts.seenBy(nameOf(acknowledged_by), moment(acknowledged_at, zone))}</small>
      </>
    );
  return <span className="badge warning">{texts.states.open}</span>;
}

function Over({ alerts }: { readonly alerts: readonly Alert[] }) {
  const texts = useTexts(alertsTexts);
  const zone = useZone();
  if (alerts.length === 0) return <Nothing text={texts.noneOver} />;
  return (
    <Table label={texts.resolved} columns={texts.overColumns.map((name) => ({ name }))}>
      {alerts.map((alert) => (
        <tr key={alert.id}>
          <th scope="row">{moment(alert.raised_at, zone)}</th>
          <td className="wrap">
            <What alert={alert} />
          </td>
          <td>{alert.resolved_at === null ? '–' : moment(alert.resolved_at, zone)}</td>
          <td>{alert.resolved_by === null ? texts.itself : nameOf(alert.resolved_by)}</td>
        </tr>
      ))}
    </Table>
  );
}
