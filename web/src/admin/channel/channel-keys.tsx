import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import type { Channel, ChannelHealth } from '../channels/channel-queries.ts';
import { HealthBadge } from '../channels/health-badge.tsx';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { useReason } from '../channels/reason.ts';
import { channelTexts } from './channel.texts.ts';

interface ChannelKeysProps {
  readonly channel: Channel;
  readonly states: ChannelHealth['keys'];
}

/** The keys of a channel by their ends, each in use or out of it. */
export function ChannelKeys({ channel, states }: ChannelKeysProps) {
  const texts = useTexts(channelTexts);
  const reason = useReason();
  const mayWrite = useMay()('channels:write');
  const [chosen, setChosen] = useState<{ readonly id: string; readonly act: 'enable' | 'disable' }>();
  return (
    <Card title={texts.keys}>
      <Table
        label={texts.keys}
        columns={texts.keyColumns.map((name, index) => ({ name, isHidden: index === 3 }))}
      >
        {channel.keys.map(({ id, key, disabled }) => {
          const state = states.find((each) => each.id === id);
          const act = disabled === null ? 'disable' : 'enable';
          return (
            <tr key={id}>
              <th scope="row" className="two">
                <code>{key ?? '–'}</code>
                <small>{id}</small>
              </th>
              <td>
                <HealthBadge
                  state={state?.state ?? (disabled === null ? 'in_use' : 'out_of_use')}
                  cooldown={state?.cooldown ?? null}
                />
              </td>
              <td className="wrap">
                {state?.cooldown ? reason(state.cooldown.reason) : (disabled?.reason ?? '–')}
              </td>
              <td>
                {mayWrite && (
                  <button className="button small" type="button" onClick={() => setChosen({ id, act })}>
                    {act === 'disable' ? texts.keyOff : texts.keyOn}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </Table>
      {chosen && (
        <ActDialog
          title={chosen.act === 'disable' ? texts.keyOff : texts.keyOn}
          effect={chosen.act === 'disable' ? texts.keyOffEffect(chosen.id) : texts.keyOnEffect(chosen.id)}
          action={chosen.act === 'disable' ? texts.keyOff : texts.keyOn}
          isDanger={chosen.act === 'disable'}
          act={(reason) =>
            answer(
              api.POST(`/api/admin/channels/{channel_id}/keys/{key_id}/${chosen.act}`, {
                params: { path: { channel_id: channel.channel_id, key_id: chosen.id } },
                body: { reason },
              }),
            )
          }
          said={texts.keyDone}
          onClose={() => setChosen(undefined)}
        />
      )}
    </Card>
  );
}
