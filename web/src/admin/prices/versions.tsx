import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { versionsQuery } from './price-queries.ts';
import { pricesTexts } from './prices.texts.ts';

/** Every list that was ever published; an old one is taken back by publishing it anew. */
export function Versions() {
  const texts = useTexts(pricesTexts);
  const zone = useZone();
  const [before, setBefore] = useState<number>();
  const versions = useQuery({ ...versionsQuery(before), placeholderData: keepPreviousData });
  const columns = texts.versionColumns.map((name, index) => ({ name, isFigure: index >= 3 }));
  return (
    <Card title={texts.versions}>
      <Loaded query={versions} skeleton={<SkeletonTable label={texts.versions} columns={columns} rows={3} />}>
        {(data) =>
          data.versions.length === 0 ? (
            <div className="empty">
              <p>{texts.noVersion}</p>
            </div>
          ) : (
            <>
              <Table label={texts.versions} columns={columns}>
                {data.versions.map(({ version, published_at, published_by, position, models, groups }) => (
                  <tr key={version}>
                    <th scope="row">
                      <Link to="/admin/prices" search={{ version }}>
                        {texts.version(count(version))}
                      </Link>
                    </th>
                    <td>{moment(published_at, zone)}</td>
                    <td>{published_by}</td>
                    <td className="figure">{count(position)}</td>
                    <td className="figure">{count(models)}</td>
                    <td className="figure">{count(groups)}</td>
                  </tr>
                ))}
              </Table>
              <PagesFoot
                isFirst={before === undefined}
                hasNext={data.next_before !== null}
                onFirst={() => setBefore(undefined)}
                onNext={() => setBefore(data.next_before ?? undefined)}
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
