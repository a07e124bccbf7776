import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { Nothing } from '../parts/nothing.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { tracesQuery } from './operator-queries.ts';
import { operatorsTexts } from './operators.texts.ts';

const marks = { login: 'credit', 'login-failed': 'warning', refused: 'refused', acted: 'off' } as const;

/** Who signed in, who could not, and what was refused: the last 90 days. */
export function Traces() {
  const texts = useTexts(operatorsTexts);
  const zone = useZone();
  const [after, setAfter] = useState<number>();
  const traces = useQuery(tracesQuery(after));
  const columns = texts.traceColumns.map((name, index) => ({ name, isFigure: index === 5 }));
  return (
    <Card title={texts.traces}>
      <Loaded query={traces} skeleton={<SkeletonTable label={texts.traces} columns={columns} rows={3} />}>
        {(data) =>
          data.traces.length === 0 ? (
            <Nothing text={texts.noTraces} />
          ) : (
            <>
              <Table label={texts.traces} columns={columns}>
                {data.traces.map((trace) => (
                  <tr key={trace.id}>
                    <th scope="row">{moment(trace.last_at, zone)}</th>
                    <td>
                      <span className={`badge ${marks[trace.kind]}`}>{texts.kinds[trace.kind]}</span>
                    </td>
                    <td>{trace.name || '–'}</td>
                    <td>{trace.address_block}</td>
                    <td className="wrap">
                      {trace.reason || trace.route}
                      {trace.kind === 'acted' && (
                        <>
                          <br />
                          <small>{trace.route}</small>
                        </>
                      )}
                    </td>
                    <td className="figure">{count(trace.times)}</td>
                  </tr>
                ))}
              </Table>
              <PagesFoot
                isFirst={after === undefined}
                hasNext={data.next_after !== null}
                onFirst={() => setAfter(undefined)}
                onNext={() => setAfter(data.next_after ?? undefined)}
              >
                {texts.zone(zone)}
              </PagesFoot>
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
