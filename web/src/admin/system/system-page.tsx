import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { FactsCard } from '../explanation/facts.tsx';
import { systemTexts } from './system.texts.ts';

const EVERY_MS = 5_000;

const systemQuery = queryOptions({
  queryKey: ['admin', 'system'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/system', { signal }))).data,
  refetchInterval: EVERY_MS,
});
type System = Awaited<ReturnType<NonNullable<(typeof systemQuery)['queryFn']>>>;

/** What runs here, and how it is. */
export function SystemPage() {
  const texts = useTexts(systemTexts);
  const system = useQuery(systemQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded
        query={system}
        skeleton={
          <section className="card">
            <SkeletonLines lines={12} />
          </section>
        }
      >
        {(data) => (
          <>
            <div className="pair">
              <Versions system={data} />
              <Parts parts={data.parts} />
              <Lag lag={data.lag} head={data.log.head} />
              <Queues system={data} />
            </div>
            {data.anchors.length > 0 && <Anchors anchors={data.anchors} />}
            <Connected connected={data.connected} />
            <Variables variables={data.variables} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Versions({ system }: { readonly system: System }) {
  const texts = useTexts(systemTexts);
  const zone = useZone();
  const { log, database } = system;
  return (
    <FactsCard
      title={texts.versions}
      facts={[
        ['Counterfoil', system.version],
        ['Node.js', system.node],
        [texts.started, `${moment(system.started_at, zone)} ${zone}`],
        [texts.role, system.role],
        [texts.ledger, <code key="ledger">{system.ledger_id}</code>],
        [texts.log, texts.logKinds[log.kind]],
        [texts.generation, count(log.generation)],
        [texts.doubt, log.doubt],
        [texts.database, `${database.version}${database.embedded ? ` · ${texts.embedded}` : ''}`],
        [texts.balances, texts.balancesIn[system.balances]],
      ]}
    />
  );
}

function Parts({ parts }: Pick<System, 'parts'>) {
  const texts = useTexts(systemTexts);
  return (
    <FactsCard
      title={texts.parts}
      facts={parts.map(({ part, ready, reason }) => [
        texts.partNames[part] ?? part,
        <span key={part} className={`badge ${ready ? 'credit' : 'refused'}`}>
          {ready ? texts.ready : (reason ?? texts.notReady)}
        </span>,
      ])}
    />
  );
}

function Lag({ lag, head }: Pick<System, 'lag'> & { readonly head: string | null }) {
  const texts = useTexts(systemTexts);
  const figure = (text: string | null) => (text === null ? '–' : count(BigInt(text)));
  return (
    <FactsCard
      title={texts.lag}
      facts={[
        [texts.head, figure(head)],
        ...lag.map(
          ({ group, position, behind_positions, behind_seconds }) =>
            [
              texts.groups[group],
              texts.behind(
                figure(position),
                figure(behind_positions),
                behind_seconds === null ? '–' : count(Math.round(behind_seconds)),
              ),
            ] as const,
        ),
      ]}
    />
  );
}

function Queues({ system: { outbox, mails, figures } }: { readonly system: System }) {
  const texts = useTexts(systemTexts);
  const figure = (value: number | null) => (value === null ? '–' : count(value));
  return (
    <FactsCard
      title={texts.queues}
      facts={[
        [texts.waiting, texts.oldest(count(outbox.waiting), count(Math.round(outbox.oldest_seconds)))],
        [texts.scheduled, count(outbox.scheduled)],
        [texts.dead, count(outbox.dead)],
        [texts.mailsWaiting, count(mails.waiting)],
        [texts.mailsFailed, count(mails.failed)],
        [texts.calls, figure(figures.calls_in_flight)],
        [texts.holds, figure(figures.open_holds)],
        [texts.usagePending, figure(figures.usage_pending)],
        [texts.spooled, figure(figures.spooled_charges)],
        [texts.setAside, figure(figures.spool_files_set_aside)],
        [texts.unresolvable, figure(figures.unresolvable_holds)],
      ]}
    />
  );
}

/** Where checkpoints go: one that fails is told of by an alert when it has done so for long. */
function Anchors({ anchors }: Pick<System, 'anchors'>) {
  const texts = useTexts(systemTexts);
  const zone = useZone();
  return (
    <Card title={texts.anchors}>
      <Table
        label={texts.anchors}
        columns={texts.anchorColumns.map((name, index) => ({ name, isFigure: index === 2 || index === 4 }))}
      >
        {anchors.map(({ name, size, anchored_at, failures, failing_since, last_fault }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="wrap">
              {failing_since === null ? (
                <span className="badge credit">{texts.inOrder}</span>
              ) : (
                <span className="badge refused">
                  {texts.failingSince(moment(failing_since, zone), last_fault ?? '–')}
                </span>
              )}
            </td>
            <td className="figure">{count(size)}</td>
            <td>{anchored_at === null ? '–' : moment(anchored_at, zone)}</td>
            <td className="figure">{count(failures)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Connected({ connected }: Pick<System, 'connected'>) {
  const texts = useTexts(systemTexts);
  const zone = useZone();
  return (
    <Card title={texts.connected}>
      <Table
        label={texts.connected}
        columns={texts.connectedColumns.map((name, index) => ({ name, isFigure: index === 1 }))}
      >
        {connected.map(({ role, connections, since }) => (
          <tr key={role}>
            <th scope="row">{role}</th>
            <td className="figure">{count(connections)}</td>
            <td>{moment(since, zone)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Variables({ variables }: Pick<System, 'variables'>) {
  const texts = useTexts(systemTexts);
  return (
    <Card title={texts.variables} foot={texts.variablesFoot}>
      <Table
        label={texts.variables}
        className="table-tall"
        columns={texts.variableColumns.map((name) => ({ name }))}
      >
        {variables.map(({ name, set, secret, value }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <span className={`badge ${set ? 'credit' : 'off'}`}>{set ? texts.set : texts.notSet}</span>
            </td>
            <td className="wrap">{secret ? texts.secret : value || '–'}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
