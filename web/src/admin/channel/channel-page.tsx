import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { type Channel, channelQuery, stateQuery } from '../channels/channel-queries.ts';
import { HealthBadge } from '../channels/health-badge.tsx';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { ChannelEdit } from './channel-edit.tsx';
import { ChannelHealthCard } from './channel-health.tsx';
import { ChannelKeys } from './channel-keys.tsx';
import { ChannelTest } from './channel-test.tsx';
import { channelTexts } from './channel.texts.ts';
import { Steps } from './steps.tsx';

const route = getRouteApi('/_admin/admin/channels/$id');

/** One channel: how it is doing, a test of it, its keys, and what it is. */
export function ChannelPage() {
  const texts = useTexts(channelTexts);
  const { id } = route.useParams();
  const channel = useQuery(channelQuery(id));
  const health = useQuery(stateQuery(id));
  const mayWrite = useMay()('channels:write');
  const { data } = channel;
  return (
    <>
      <PageHead
        title={data?.name ?? id}
        crumb={
          <Link className="crumb" to="/admin/channels">
            <Icon name="back" small />
            {texts.channels}
          </Link>
        }
        lead={
          <>
            {health.data && <HealthBadge state={health.data.state} cooldown={health.data.cooldown} />}{' '}
            {data?.type} · <code>{id}</code>
          </>
        }
        actions={mayWrite && data && <Switch channel={data} />}
      />
      <Loaded query={channel} skeleton={<div className="card skeleton" />}>
        {(loaded) => (
          <>
            {mayWrite && !loaded.enabled && (
              <Steps at={health.data?.last_check?.outcome === 'answered' ? 2 : 1} />
            )}
            <div className="pair">
              <Loaded query={health} skeleton={<div className="card skeleton" />}>
                {(state) => <ChannelHealthCard channel={loaded} health={state} />}
              </Loaded>
              {mayWrite && (
                <Card title={texts.test}>
                  <div className="card-body">
                    <ChannelTest channel={loaded} />
                  </div>
                </Card>
              )}
            </div>
            <ChannelKeys channel={loaded} states={health.data?.keys ?? []} />
            {mayWrite && <ChannelEdit key={id} channel={loaded} />}
          </>
        )}
      </Loaded>
    </>
  );
}

/** Into use, or out of it. */
function Switch({ channel }: { readonly channel: Channel }) {
  const texts = useTexts(channelTexts);
  const [isAsked, setAsked] = useState(false);
  const act = channel.enabled ? 'disable' : 'enable';
  return (
    <>
      <button
        className={`button ${channel.enabled ? 'danger' : 'primary'}`}
        type="button"
        onClick={() => setAsked(true)}
      >
        {texts[act]}
      </button>
      {isAsked && (
        <ActDialog
          title={texts[act]}
          effect={channel.enabled ? texts.disableEffect(channel.name) : texts.enableEffect(channel.name)}
          action={texts[act]}
          isDanger={channel.enabled}
          act={(reason) =>
            answer(
              api.POST(`/api/admin/channels/{channel_id}/${act}`, {
                params: { path: { channel_id: channel.channel_id } },
                body: { reason },
              }),
            )
          }
          said={channel.enabled ? texts.disabled : texts.enabled}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
