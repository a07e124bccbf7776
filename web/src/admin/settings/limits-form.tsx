import { RowCell, Rows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts.ts';
import {
  FIGURES,
  groupOf,
  hasGroupTwice,
  limitField,
  type LimitsDraft,
  NEW_GROUP,
  SCOPES,
} from './limits-draft.ts';
import { limitsFormTexts } from './limits-form.texts.ts';

interface LimitsFormProps {
  readonly draft: LimitsDraft;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (draft: LimitsDraft) => void;
}

/** How much may be asked of the relay: three figures for each whom they are of. */
export function LimitsForm({ draft, errorOf, onChange }: LimitsFormProps) {
  const texts = useTexts(limitsFormTexts);
  const columns = FIGURES.map((name) => ({ name, label: texts.figures[name] }));
  return (
    <>
      <p className="hint">{texts.lead}</p>
      {SCOPES.map((scope) => (
        <fieldset className="rows" key={scope}>
          <legend>{texts.scopes[scope]}</legend>
          <div className="rows-row">
            {columns.map((column) => (
              <RowCell
                key={column.name}
                column={column}
                label={texts.of(texts.scopes[scope], column.label)}
                isFirst
                value={draft[scope][column.name]}
                error={errorOf(limitField(scope, column.name))}
                onType={(value) => onChange({ ...draft, [scope]: { ...draft[scope], [column.name]: value } })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <Rows
        title={texts.groups}
        hint={hasGroupTwice(draft) ? texts.twice : texts.groupsHint}
        columns={[{ name: 'group', label: texts.group, isText: true }, ...columns]}
        rows={draft.groups}
        empty={NEW_GROUP}
        errorOf={(row, name) => {
          const of = groupOf(draft.groups[row]?.group ?? '');
          return errorOf(name === 'group' ? `value.${of}` : limitField(of, name));
        }}
        onChange={(groups) => onChange({ ...draft, groups })}
      />
    </>
  );
}
