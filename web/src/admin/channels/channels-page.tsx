import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { type Channel, type ChannelHealth, channelsQuery, statesQuery } from './channel-queries.ts';
import type { ChannelState } from './channels-search.ts';
import { channelsTexts } from './channels.texts.ts';
import { CoolingCard, isCooling } from './cooling.tsx';
import { HealthBadge } from './health-badge.tsx';
import { Lately, LatelyLegend } from './lately.tsx';
import { NextCallCard } from './next-call.tsx';
import { useReason } from './reason.ts';
import { TryDialog } from './try-dialog.tsx';

const route = getRouteApi('/_admin/admin/channels');

const useColumns = () =>
  useTexts(channelsTexts).columns.map((name, index) => ({ name, isFigure: index >= 3 && index <= 7 }));

/** Where calls go: how each channel is doing now. */
export function ChannelsPage() {
  const texts = useTexts(channelsTexts);
  const mayWrite = useMay()('channels:write');
  const columns = useColumns();
  const channels = useQuery(channelsQuery);
  const { data: states = [] } = useQuery(statesQuery);
  const [isTried, setTried] = useState(false);
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          mayWrite && (
            <>
              {channels.data !== undefined && channels.data.length > 0 && (
                <button className="button" type="button" onClick={() => setTried(true)}>
                  {texts.try}
                </button>
              )}
              <Link className="button primary" to="/admin/channels/new">
                <Icon name="plus" />
                {texts.add}
              </Link>
            </>
          )
        }
      />
      <section className="card">
        <Filters channels={channels.data ?? []} />
        <Loaded
          query={channels}
          skeleton={<SkeletonTable className="two-lines" label={texts.title} columns={columns} rows={5} />}
        >
          {(data) => <Channels channels={data} />}
        </Loaded>
      </section>
      {channels.data !== undefined && channels.data.length > 0 && (
        <div className={isCooling(states) ? 'pair' : undefined}>
          <NextCallCard channels={channels.data} />
          <CoolingCard states={states} />
        </div>
      )}
      {isTried && <TryDialog onClose={() => setTried(false)} />}
    </>
  );
}

function Filters({ channels }: { readonly channels: readonly Channel[] }) {
  const texts = useTexts(channelsTexts);
  const { q = '', state = '', dialect = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="filters">
      <SearchBox
        label={texts.search}
        hint={texts.searchHint}
        value={q}
        onSearch={(text) => void navigate({ search: (before) => ({ ...before, q: text || undefined }) })}
      />
      <Select
        label={texts.state}
        isFilter
        value={state}
        options={[['', texts.anyState], ...Object.entries(texts.states)]}
        onChoose={(chosen) =>
          void navigate({
            search: (before) => ({ ...before, state: (chosen || undefined) as ChannelState | undefined }),
          })
        }
      />
      <Select
        label={texts.dialect}
        isFilter
        value={dialect}
        options={[['', texts.anyDialect], ...typesOf(channels, dialect).map((each) => [each, each] as const)]}
        onChoose={(chosen) =>
          void navigate({ search: (before) => ({ ...before, dialect: chosen || undefined }) })
        }
      />
    </div>
  );
}

/** Those there are, and what the address asks for though no channel speaks it. */
const typesOf = (channels: readonly Channel[], asked: string): readonly string[] =>
  [...new Set([...channels.map(({ type }) => type), asked])].filter((type) => type !== '').toSorted();

/** By name, address or model, whatever the case of its letters. */
const isLike = ({ name, channel_id, base_url, models }: Channel, text: string) =>
  [name, channel_id, base_url, ...models].some((each) => each.toLowerCase().includes(text.toLowerCase()));

function Channels({ channels }: { readonly channels: readonly Channel[] }) {
  const texts = useTexts(channelsTexts);
  const columns = useColumns();
  const { q = '', state, dialect } = route.useSearch();
  const { data: states = [] } = useQuery(statesQuery);
  const healthOf = new Map(states.map((health) => [health.channel_id, health]));
  const shown = channels
    .filter((channel) => isLike(channel, q) && (dialect === undefined || channel.type === dialect))
    .filter(({ channel_id }) => state === undefined || healthOf.get(channel_id)?.state === state)
    .toSorted((one, other) => other.priority - one.priority || other.weight - one.weight);
  if (shown.length === 0) return <Nothing hasAny={channels.length > 0} />;
  return (
    <>
      <Table className="two-lines" label={texts.title} columns={columns}>
        {shown.map((channel) => (
          <ChannelRow key={channel.channel_id} channel={channel} health={healthOf.get(channel.channel_id)} />
        ))}
      </Table>
      <div className="table-foot">
        <span className="num">
          {texts.shown(count(shown.length), count(shown.filter(({ enabled }) => enabled).length))}
        </span>
        <LatelyLegend />
      </div>
    </>
  );
}

interface ChannelRowProps {
  readonly channel: Channel;
  readonly health: ChannelHealth | undefined;
}

/** On small screens two lines: name and state; then type and how it did lately. */
function ChannelRow({ channel, health }: ChannelRowProps) {
  const texts = useTexts(channelsTexts);
  const { channel_id: id, name, type, priority, weight, keys } = channel;
  const inUse = keys.filter(({ disabled }) => disabled === null).length;
  const response = health?.response;
  const reason = useReason();
  const cause = health?.cooldown?.reason ?? channel.disabled?.reason ?? health?.last_check?.reason;
  return (
    <tr>
      <th scope="row" className="two">
        <Link to="/admin/channels/$id" params={{ id }}>
          {name}
        </Link>
        <small>{type}</small>
      </th>
      <td className="on-line-1">
        <HealthBadge
          state={health?.state ?? (channel.enabled ? 'in_use' : 'out_of_use')}
          cooldown={health?.cooldown ?? null}
        />
      </td>
      <td className="on-line-2">{health && <Lately name={name} lately={health.lately} isNarrow />}</td>
      <td className="figure">{count(priority)}</td>
      <td className="figure">{count(weight)}</td>
      <td className="figure">{texts.ofKeys(count(inUse), count(keys.length))}</td>
      <td className="figure">{health ? count(health.running_calls) : '–'}</td>
      <td className="figure">
        {response && response.answered > 0 ? texts.milliseconds(count(response.average_ms)) : '–'}
      </td>
      <td className="wrap">{cause ? reason(cause) : '–'}</td>
    </tr>
  );
}

function Nothing({ hasAny }: { readonly hasAny: boolean }) {
  const texts = useTexts(channelsTexts);
  const navigate = route.useNavigate();
  return (
    <div className="empty">
      <p>{hasAny ? texts.noneFound : texts.none}</p>
      {hasAny && (
        <div className="actions">
          <button className="button" type="button" onClick={() => void navigate({ search: {} })}>
            {texts.clear}
          </button>
        </div>
      )}
    </div>
  );
}
