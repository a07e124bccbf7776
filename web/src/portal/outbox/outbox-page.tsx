import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { dateTime } from '../../format/dates.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { outboxTexts } from './outbox.texts.ts';

/** A mail comes while somebody waits for it. */
const AGAIN_MS = 2_000;

const outboxQuery = queryOptions({
  queryKey: ['outbox'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/outbox', { signal }))).data,
  refetchInterval: ({ state }) => (state.error ? false : AGAIN_MS),
});
type Mail = Awaited<ReturnType<NonNullable<(typeof outboxQuery)['queryFn']>>>['mails'][number];

/** The mails of a demo, whose reader is who runs it. */
export function OutboxPage() {
  const texts = useTexts(outboxTexts);
  const outbox = useQuery(outboxQuery);
  const isElsewhere = outbox.data?.shown === false;
  return (
    <>
      <PageHead title={texts.title} lead={isElsewhere ? texts.notHere : texts.lead} />
      {!isElsewhere && (
        <Loaded query={outbox} skeleton={<SkeletonLines lines={4} />}>
          {({ mails }) =>
            mails.length === 0 ? <None /> : mails.map((mail) => <Letter mail={mail} key={mail.id} />)
          }
        </Loaded>
      )}
    </>
  );
}

function None() {
  const texts = useTexts(outboxTexts);
  return (
    <section className="card">
      <div className="empty">
        <h2>{texts.none}</h2>
        <p>{texts.noneLead}</p>
        <Link className="button primary" to="/portal/register">
          {texts.register}
        </Link>
      </div>
    </section>
  );
}

function Letter({ mail }: { readonly mail: Mail }) {
  const zone = useZone();
  return (
    <Card
      title={mail.subject}
      aside={<span className="muted small">{dateTime(mail.created_at * 1_000, zone)}</span>}
    >
      <div className="card-body stack">
        <p className="muted">{mail.to}</p>
        <p className="said">
          {mail.text.split(/(https?:\/\/\S+)/).map((piece, index) =>
            index % 2 === 1 ? (
              <a href={piece} key={index}>
                {piece}
              </a>
            ) : (
              <Fragment key={index}>{piece}</Fragment>
            ),
          )}
        </p>
      </div>
    </Card>
  );
}
