import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Code } from '../../parts/code.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { Nothing } from '../parts/nothing.tsx';
import { stoppedTexts } from './stopped.texts.ts';

const poisonQuery = queryOptions({
  queryKey: ['admin', 'poison'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/poison', { signal }))).data,
});
type Poison = Awaited<ReturnType<NonNullable<(typeof poisonQuery)['queryFn']>>>;
type Obstacle = Poison['obstacles'][number];

const placeQuery = (position: string) =>
  queryOptions({
    queryKey: ['admin', 'poison', position],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/poison/{position}', { signal, params: { path: { position } } })))
        .data,
  });

/** What the ledger cannot go past, and the way past it. */
export function StoppedTab() {
  const texts = useTexts(stoppedTexts);
  const poison = useQuery(poisonQuery);
  const [shown, setShown] = useState<string>();
  const [skipped, setSkipped] = useState<Obstacle>();
  const maySkip = useMay()('log:skip');
  const columns = texts.columns.map((name) => ({ name }));
  return (
    <>
      <Card title={texts.title} foot={texts.note}>
        <Loaded query={poison} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={2} />}>
          {({ obstacles }) =>
            obstacles.length === 0 ? (
              <Nothing text={texts.none} />
            ) : (
              <Table label={texts.title} columns={columns}>
                {obstacles.map((obstacle) => (
                  <tr key={obstacle.position}>
                    <th scope="row" className="num">
                      {obstacle.position}
                    </th>
                    <td className="wrap">
                      <Place event={obstacle.event} />
                    </td>
                    <td className="wrap">{obstacle.reason}</td>
                    <td>
                      <span className="actions">
                        <button
                          className="button small"
                          type="button"
                          aria-label={texts.showOf(obstacle.position)}
                          onClick={() => setShown(obstacle.position)}
                        >
                          {texts.show}
                        </button>
                        {maySkip && (
                          <button
                            className="button small"
                            type="button"
                            aria-label={texts.skipOf(obstacle.position)}
                            onClick={() => setSkipped(obstacle)}
                          >
                            {texts.skip}
                          </button>
                        )}
                      </span>
                    </td>
                  </tr>
                ))}
              </Table>
            )
          }
        </Loaded>
      </Card>
      {poison.data && poison.data.skipped.length > 0 && <Skipped skipped={poison.data.skipped} />}
      {shown !== undefined && <PlaceDialog position={shown} onClose={() => setShown(undefined)} />}
      {skipped && <SkipDialog obstacle={skipped} onClose={() => setSkipped(undefined)} />}
    </>
  );
}

function Place({ event }: Pick<Obstacle, 'event'>) {
  const texts = useTexts(stoppedTexts);
  if (!event) return texts.nothingThere;
  return (
    <>
      <code>{event.type}</code>
      <br />
      <small>{texts.place(event.revision, event.stream)}</small>
    </>
  );
}

function Skipped({ skipped }: Pick<Poison, 'skipped'>) {
  const texts = useTexts(stoppedTexts);
  return (
    <Card title={texts.skippedBefore}>
      <Table label={texts.skippedBefore} columns={texts.skippedColumns.map((name) => ({ name }))}>
        {skipped.map(({ position, event, reason, by }) => (
          <tr key={position}>
            <th scope="row" className="num">
              {position}
            </th>
            <td className="wrap">
              <Place event={event} />
            </td>
            <td className="wrap">{reason}</td>
            <td>{nameOf(by)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function PlaceDialog({ position, onClose }: { readonly position: string; readonly onClose: () => void }) {
  const texts = useTexts(stoppedTexts);
  const place = useQuery(placeQuery(position));
  return (
    <Dialog title={texts.at(position)} onClose={onClose} isDrawer>
      <div className="dialog-body">
        <Loaded query={place} skeleton={<SkeletonLines lines={6} />}>
          {({ event, reason, recorded_at, data }) => (
            <>
              <p>{reason ?? texts.free}</p>
              <dl className="facts">
                <div>
                  <dt>{texts.columns[1]}</dt>
                  <dd>
                    <Place event={event} />
                  </dd>
                </div>
                {recorded_at !== null && (
                  <div>
                    <dt>{texts.recorded}</dt>
                    <dd className="num">{recorded_at}</dd>
                  </div>
                )}
              </dl>
              {data !== null && <Code label={texts.data} text={data} />}
            </>
          )}
        </Loaded>
      </div>
    </Dialog>
  );
}

function SkipDialog({ obstacle, onClose }: { readonly obstacle: Obstacle; readonly onClose: () => void }) {
  const texts = useTexts(stoppedTexts);
  const { position } = obstacle;
  return (
    <ActDialog
      title={texts.skipOf(position)}
      effect={texts.skipEffect}
      action={texts.skip}
      isDanger
      typedName={position}
      act={(reason) =>
        answer(
          api.POST('/api/admin/poison/{position}/skip', { params: { path: { position } }, body: { reason } }),
        )
      }
      said={texts.skipped}
      onClose={onClose}
    />
  );
}
