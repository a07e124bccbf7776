import { useState } from 'react';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Group } from './price-queries.ts';
import type { ChangeList, ListProps } from './price-table.tsx';
import { pricesTexts } from './prices.texts.ts';

type Special = NonNullable<Group['special_ratios']>[number];

const told = ({ user_group, model, ratio }: Special) =>
  `${[user_group, model].filter((each) => each !== undefined).join(' ')}: ${ratio}`;

/** What the prices are multiplied by for each group. */
export function Groups({ list, onChange }: ListProps) {
  const texts = useTexts(pricesTexts);
  const [edited, setEdited] = useState<number>();
  const columns = texts.groupColumns
    .map((name, index) => ({ name, isFigure: index === 1, isHidden: index === 3 }))
    .slice(0, onChange ? 4 : 3);
  return (
    <Card
      title={texts.groups}
      aside={
        onChange && (
          <button className="button small" type="button" onClick={() => setEdited(list.groups.length)}>
            <Icon name="plus" small />
            {texts.addGroup}
          </button>
        )
      }
    >
      {list.groups.length === 0 ? (
        <div className="empty">
          <p>{texts.noGroup}</p>
        </div>
      ) : (
        <Table label={texts.groups} columns={columns}>
          {list.groups.map(({ name, ratio, special_ratios: special = [] }, index) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="figure">{ratio}</td>
              <td className="wrap">{special.map(told).join(', ') || '–'}</td>
              {onChange && (
                <td className="figure">
                  <button
                    className="button small"
                    type="button"
                    aria-label={texts.editOf(name)}
                    onClick={() => setEdited(index)}
                  >
                    {texts.edit}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {onChange && edited !== undefined && (
        <EditGroup list={list} index={edited} onChange={onChange} onClose={() => setEdited(undefined)} />
      )}
    </Card>
  );
}

interface EditGroupProps {
  readonly list: ListProps['list'];
  /** Behind the last one: a new one. */
  readonly index: number;
  readonly onChange: ChangeList;
  readonly onClose: () => void;
}

/** `vip gpt-4o 0.8` a line: of a group of users, for a model; `*` where it is for any. */
const linesOf = (special: readonly Special[]) =>
  special.map(({ user_group = '*', model = '*', ratio }) => `${user_group} ${model} ${ratio}`).join('\n');
const specialOf = (lines: string): Special[] =>
  lines
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== '')
    .map(([user_group = '*', model = '*', ratio = '']) => ({
      ...(user_group !== '*' && { user_group }),
      ...(model !== '*' && { model }),
      ratio,
    }));

function EditGroup({ list, index, onChange, onClose }: EditGroupProps) {
  const texts = useTexts(pricesTexts);
  const group = list.groups[index];
  const [name, setName] = useState(group?.name ?? '');
  const [ratio, setRatio] = useState(group?.ratio ?? '1');
  const [lines, setLines] = useState(() => linesOf(group?.special_ratios ?? []));
  const at = (field: string) => `groups.${index}.${field}`;
  const act = () => {
    const special = specialOf(lines);
    const changed = {
      name: name.trim(),
      ratio: ratio.trim(),
      ...(special.length > 0 && { special_ratios: special }),
    };
    return onChange({ prices: list.prices, groups: list.groups.toSpliced(index, 1, changed) });
  };
  return (
    <ActDialog
      title={group?.name ?? texts.addGroup}
      effect={texts.editEffect}
      action={texts.apply}
      asksReason={false}
      fields={['name', 'ratio'].map(at)}
      act={act}
      said={texts.drafted}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {!group && (
            <Field
              label={texts.groupColumns[0]}
              value={name}
              error={errorOf(at('name'))}
              onChange={({ target }) => setName(target.value)}
            />
          )}
          <Field
            label={texts.groupColumns[1]}
            inputMode="decimal"
            value={ratio}
            error={errorOf(at('ratio'))}
            onChange={({ target }) => setRatio(target.value)}
          />
          <TextArea
            label={texts.groupColumns[2] ?? ''}
            hint={texts.exceptionsHint}
            rows={3}
            value={lines}
            onChange={({ target }) => setLines(target.value)}
          />
        </>
      )}
    </ActDialog>
  );
}
