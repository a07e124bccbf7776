import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { type Channel, type NextCall, nextCallQuery, type Protocol, protocols } from './channel-queries.ts';
import { channelsTexts } from './channels.texts.ts';

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].toSorted();

/** As tools call them, in both languages. */
const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = {
  chat: 'OpenAI Chat',
  messages: 'Anthropic Messages',
  responses: 'OpenAI Responses',
  generate: 'Gemini',
};

const useColumns = () =>
  useTexts(channelsTexts).turnColumns.map((name, index) => ({ name, isFigure: index >= 2 }));

/** Which channels a call of a model and a group comes to, in their order: as the relay says, which chooses. */
export function NextCallCard({ channels }: { readonly channels: readonly Channel[] }) {
  const texts = useTexts(channelsTexts);
  const columns = useColumns();
  const models = sorted(
    channels
      .flatMap(({ models: own, model_mapping: mapped }) => [...own, ...Object.keys(mapped)])
      .filter((each) => !each.includes('*')),
  );
  const groups = sorted(channels.flatMap((channel) => channel.groups));
  const [chosenModel, setModel] = useState('');
  const [chosenGroup, setGroup] = useState('');
  const [protocol, setProtocol] = useState<Protocol>('chat');
  const model = models.includes(chosenModel) ? chosenModel : (models[0] ?? '');
  const group = groups.includes(chosenGroup) ? chosenGroup : (groups[0] ?? '');
  const found = useQuery({
    ...nextCallQuery({ model, group, protocol }),
    placeholderData: keepPreviousData,
  });
  // Wildcards alone name no call that could be asked about.
  if (models.length === 0) return null;
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
        <Select
          label={texts.protocol}
          isFilter
          value={protocol}
          options={protocols.map((each) => [each, PROTOCOL_NAMES[each]])}
          onChoose={(each) => setProtocol(each as Protocol)}
        />
      </div>
      <Loaded query={found} skeleton={<SkeletonTable label={texts.nextCall} columns={columns} rows={3} />}>
        {({ refusal, channels: turns }) =>
          refusal === null ? (
            <Table label={texts.nextCall} columns={columns}>
              {turns.map((turn, index) => (
                <TurnRow key={turn.channel_id} turn={turn} place={index + 1} />
              ))}
            </Table>
          ) : (
            <div className="empty">
              <p>{texts.refusals[refusal](model, group)}</p>
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}

interface TurnRowProps {
  readonly turn: NextCall['channels'][number];
  readonly place: number;
}

function TurnRow({ turn, place }: TurnRowProps) {
  const texts = useTexts(channelsTexts);
  const { back_in_ms: backInMs, state } = turn;
  const notes = [
    backInMs === null ? texts.turnStates[state] : texts.cooling(count(Math.ceil(backInMs / 1_000))),
    turn.by_wildcard && texts.byWildcard,
    turn.converted && texts.converted,
  ].filter(Boolean);
  return (
    <tr>
      <td>{count(place)}</td>
      <th scope="row" className="two">
        {turn.name}
        {notes.length > 0 && <small>{notes.join(' · ')}</small>}
      </th>
      <td className="figure">{count(turn.priority)}</td>
      <td className="figure">{count(turn.weight)}</td>
      <td className="figure">
        {turn.share_percent === null ? texts.ifOthersFail : `${turn.share_percent} %`}
      </td>
    </tr>
  );
}
