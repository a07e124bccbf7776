import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { Nothing } from '../parts/nothing.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { mailTexts } from './mail.texts.ts';

const PAGE = 50;
/** What waits is sent without a word: it is looked at often while the page is open. */
const EVERY_MS = 5_000;

const mailsQuery = (before?: string) =>
  queryOptions({
    queryKey: ['admin', 'mails', before],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/mails', { signal, params: { query: given({ before, limit: PAGE }) } }),
        )
      ).data,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
type Mail = Awaited<ReturnType<NonNullable<ReturnType<typeof mailsQuery>['queryFn']>>>['mails'][number];

/** What was mailed, what waits, and what the server said. */
export function MailPage() {
  const texts = useTexts(mailTexts);
  const zone = useZone();
  const mayTest = useMay()('mail:write');
  const [before, setBefore] = useState<string>();
  const [isTest, setTest] = useState(false);
  const mails = useQuery(mailsQuery(before));
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 4 }));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          mayTest && (
            <button className="button" type="button" onClick={() => setTest(true)}>
              <Icon name="mail" />
              {texts.test}
            </button>
          )
        }
      />
      <section className="card">
        <Loaded query={mails} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={5} />}>
          {(data) =>
            data.mails.length === 0 ? (
              <Nothing text={texts.none} />
            ) : (
              <>
                <Table label={texts.title} columns={columns}>
                  {data.mails.map((mail) => (
                    <MailRow key={mail.id} mail={mail} />
                  ))}
                </Table>
                <PagesFoot
                  isFirst={before === undefined}
                  hasNext={data.next !== null}
                  onFirst={() => setBefore(undefined)}
                  onNext={() => setBefore(data.next ?? undefined)}
                >
                  {texts.kept(zone)}
                </PagesFoot>
              </>
            )
          }
        </Loaded>
      </section>
      {isTest && <TestDialog onClose={() => setTest(false)} />}
    </>
  );
}

const marks = { waiting: 'held', sent: 'credit', failed: 'refused', kept: 'off' } as const;

function MailRow({ mail }: { readonly mail: Mail }) {
  const texts = useTexts(mailTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">{moment(mail.created_at, zone)}</th>
      <td>
        <span className={`badge ${marks[mail.state]}`}>{texts.states[mail.state]}</span>
      </td>
      <td>{mail.to}</td>
      <td className="wrap">
        {mail.text === null ? (
          mail.subject
        ) : (
          <details className="as-table">
            <summary>{mail.subject}</summary>
            <p className="mail-text">{mail.text}</p>
          </details>
        )}
      </td>
      <td className="figure">{count(mail.attempts)}</td>
      <td className="wrap">
        {mail.answer ?? '–'}
        {mail.next_at !== null && <small>{texts.next(moment(mail.next_at, zone))}</small>}
      </td>
    </tr>
  );
}

function TestDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(mailTexts);
  const language = useLanguage();
  const [to, setTo] = useState('');
  return (
    <ActDialog
      title={texts.test}
      effect={texts.testEffect}
      action={texts.send}
      asksReason={false}
      fields={['to']}
      act={() => answer(api.POST('/api/admin/mails/test', { body: { to: to.trim(), language } }))}
      said={texts.queued}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.to}
          type="email"
          autoComplete="email"
          value={to}
          error={errorOf('to')}
          onChange={({ target }) => setTo(target.value)}
        />
      )}
    </ActDialog>
  );
}
