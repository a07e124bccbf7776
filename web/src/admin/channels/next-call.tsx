import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { type Channel, type ChannelHealth, statesQuery } from './channel-queries.ts';
import { channelsTexts } from './channels.texts.ts';

interface Turn {
  readonly channel: Channel;
  readonly state: ChannelHealth['state'];
  /** Of a hundred new calls; null: it waits for those before it to fail. */
  readonly share: number | null;
}

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].toSorted();

/** `*` stands for any text. */
function serves(channel: Channel, model: string): boolean {
  return channel.models.some((each) => {
    const [begin = '', ...rest] = each.split('*');
    const end = rest.at(-1);
    return end === undefined ? each === model : model.startsWith(begin) && model.endsWith(end);
  });
}

/** In the order in which calls come to them: those that rest are asked when all others have failed. */
function turnsOf(
  channels: readonly Channel[],
  states: readonly ChannelHealth[],
  asked: { readonly model: string; readonly group: string },
): readonly Turn[] {
  const stateOf = ({ channel_id: id, enabled }: Channel) =>
    states.find(({ channel_id }) => channel_id === id)?.state ?? (enabled ? 'in_use' : 'out_of_use');
  const turns = channels
    .filter((channel) => channel.groups.includes(asked.group) && serves(channel, asked.model))
    .map((channel) => ({ channel, state: stateOf(channel) }))
    .filter(({ state }) => state !== 'out_of_use')
    .toSorted(
      (one, other) =>
        Number(one.state === 'cooling') - Number(other.state === 'cooling') ||
        other.channel.priority - one.channel.priority ||
        other.channel.weight - one.channel.weight,
    );
  const [first] = turns;
  const tier = turns.filter(
    ({ channel, state }) => state !== 'cooling' && channel.priority === first?.channel.priority,
  );
  const weights = tier.reduce((sum, { channel }) => sum + channel.weight, 0);
  const shareOf = ({ weight }: Channel) => (weights === 0 ? 1 / tier.length : weight / weights);
  return turns.map((turn) => ({
    ...turn,
    share: tier.includes(turn) ? Math.round(100 * shareOf(turn.channel)) : null,
  }));
}

/** Which channels a call of a model and a group comes to, in their order. */
export function NextCall({ channels }: { readonly channels: readonly Channel[] }) {
  const texts = useTexts(channelsTexts);
  const { data: states = [] } = useQuery(statesQuery);
  const models = sorted(channels.flatMap((channel) => channel.models.filter((each) => !each.includes('*'))));
  const groups = sorted(channels.flatMap((channel) => channel.groups));
  const [chosenModel, setModel] = useState('');
  const [chosenGroup, setGroup] = useState('');
  const model = models.includes(chosenModel) ? chosenModel : (models[0] ?? '');
  const group = groups.includes(chosenGroup) ? chosenGroup : (groups[0] ?? '');
  const turns = turnsOf(channels, states, { model, group });
  return (
    <Card title={texts.nextCall} foot={texts.order}>
      <div className="filters">
        <Select
          label={texts.model}
          isFilter
          value={model}
          options={models.map((each) => [each, each])}
          onChoose={setModel}
        />
        <Select
          label={texts.group}
          isFilter
          value={group}
          options={groups.map((each) => [each, texts.ofGroup(each)])}
          onChoose={setGroup}
        />
      </div>
      {turns.length === 0 ? (
        <div className="empty">
          <p>{texts.nobody(model, group)}</p>
        </div>
      ) : (
        <Table
          label={texts.nextCall}
          columns={texts.turnColumns.map((name, index) => ({ name, isFigure: index >= 2 }))}
        >
          {turns.map(({ channel, state, share }, index) => (
            <tr key={channel.channel_id}>
              <td>{count(index + 1)}</td>
              <th scope="row" className="two">
                {channel.name}
                {state !== 'in_use' && <small>{texts.states[state]}</small>}
              </th>
              <td className="figure">{count(channel.priority)}</td>
              <td className="figure">{count(channel.weight)}</td>
              <td className="figure">{share === null ? texts.ifOthersFail : `${count(share)} %`}</td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
