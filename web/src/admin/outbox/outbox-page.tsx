import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { ActsMenu } from '../../parts/menu.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { Nothing } from '../parts/nothing.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { type MessageAct, MessageActDialog, MessageDialog, RetryAllDialog } from './message-dialogs.tsx';
import { type Message, messageStates, outboxQuery } from './outbox-queries.ts';
import { outboxTexts } from './outbox.texts.ts';

const route = getRouteApi('/_admin/admin/outbox');
const words = ['receiver', 'source'] as const;

/** What goes out: what waits, and what could not be delivered. */
export function OutboxPage() {
  const texts = useTexts(outboxTexts);
  const zone = useZone();
  const { before, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const messages = useQuery(outboxQuery({ ...filters, before }));
  const [asked, setAsked] = useState<Asked>();
  const maySend = useMay()('mail:write');
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 4 }));
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const close = () => setAsked(undefined);
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          maySend && (
            <button className="button" type="button" onClick={() => setAsked({ act: 'retry-all' })}>
              {texts.retryAll}
            </button>
          )
        }
      />
      <section className="card">
        <Filters />
        <Loaded query={messages} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={6} />}>
          {(data) =>
            data.messages.length === 0 ? (
              <Nothing
                text={isFiltered ? texts.noneFound : texts.none}
                onClear={isFiltered ? () => void navigate({ search: {} }) : undefined}
              />
            ) : (
              <>
                <Table label={texts.title} columns={columns}>
                  {data.messages.map((message) => (
                    <MessageRow key={message.id} message={message} maySend={maySend} onAsk={setAsked} />
                  ))}
                </Table>
                <PagesFoot
                  isFirst={before === undefined}
                  hasNext={data.next !== null}
                  onFirst={() => void navigate({ search: filters })}
                  onNext={() => void navigate({ search: { ...filters, before: data.next ?? undefined } })}
                >
                  {texts.kept(zone)}
                </PagesFoot>
              </>
            )
          }
        </Loaded>
      </section>
      {asked?.act === 'show' && <MessageDialog id={asked.message.id} onClose={close} />}
      {asked?.act === 'retry-all' && <RetryAllDialog onClose={close} />}
      {(asked?.act === 'retry' || asked?.act === 'discard') && (
        <MessageActDialog {...asked} onClose={close} />
      )}
    </>
  );
}

function Filters() {
  const texts = useTexts(outboxTexts);
  const { state, receiver, source } = route.useSearch();
  const navigate = route.useNavigate();
  const filters = { state, receiver, source };
  return (
    <div className="filters">
      <Select
        isFilter
        label={texts.state}
        value={state ?? ''}
        options={[['', texts.anyState], ...messageStates.map((each) => [each, texts.states[each]] as const)]}
        onChoose={(value) =>
          void navigate({ search: { ...filters, state: messageStates.find((each) => each === value) } })
        }
      />
      <WordFilters
        fields={words.map((name) => ({ name, label: texts.filters[name] }))}
        values={{ receiver, source }}
        onFilter={(filled) => void navigate({ search: { state, ...filled } })}
      />
    </div>
  );
}

type Asked =
  | { readonly act: 'retry-all' }
  | { readonly act: 'show'; readonly message: Message }
  | { readonly act: MessageAct; readonly message: Message };

interface MessageRowProps {
  readonly message: Message;
  readonly maySend: boolean;
  readonly onAsk: (asked: Asked) => void;
}

const marks = { waiting: 'held', delivered: 'credit', dead: 'refused', discarded: 'off' } as const;

function MessageRow({ message, maySend, onAsk }: MessageRowProps) {
  const texts = useTexts(outboxTexts);
  const zone = useZone();
  const { state, receiver, kind, attempts, fault, due_at, handled_by } = message;
  const acts: readonly MessageAct[] =
    state === 'dead'
      ? ['retry', 'discard']
      : state === 'discarded'
        ? ['retry']
        : state === 'waiting'
          ? ['discard']
          : [];
  return (
    <tr>
      <th scope="row">{moment(message.created_at, zone)}</th>
      <td className="two">
        <span className={`badge ${marks[state]}`}>{texts.states[state]}</span>
        {handled_by !== null && <small>{texts.by(nameOf(handled_by))}</small>}
      </td>
      <td>{receiver}</td>
      <td>{kind}</td>
      <td className="figure">{count(attempts)}</td>
      <td className="wrap">
        {fault ?? '–'}
        {due_at !== null && attempts > 0 && <small> {texts.next(moment(due_at, zone))}</small>}
      </td>
      <td>
        <ActsMenu
          label={texts.showOf(kind)}
          acts={[
            { name: texts.show, act: () => onAsk({ act: 'show', message }) },
            ...(maySend
              ? acts.map((act) => ({
                  name: texts[act],
                  isDanger: act === 'discard',
                  act: () => onAsk({ act, message }),
                }))
              : []),
          ]}
        />
      </td>
    </tr>
  );
}
