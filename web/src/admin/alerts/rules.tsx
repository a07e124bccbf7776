import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { Field } from '../../parts/field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { type Rule, rulesQuery } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';
import { Receivers } from './receivers.tsx';

/** What is told of by itself, from when on, and who is told. */
export function Rules() {
  const texts = useTexts(alertsTexts);
  const rules = useQuery(rulesQuery);
  const mayWrite = useMay()('alerts:write');
  const [changed, setChanged] = useState<Rule>();
  const names = mayWrite ? texts.ruleColumns : texts.ruleColumns.slice(0, -1);
  const columns = names.map((name, index) => ({ name, isHidden: index === 4 }));
  return (
    <Loaded query={rules} skeleton={<SkeletonTable label={texts.rules} columns={columns} rows={8} />}>
      {(data) => (
        <>
          <Card title={texts.rules} foot={texts.onceNote}>
            <Table label={texts.rules} columns={columns}>
              {data.rules.map((rule) => (
                <RuleRow key={rule.kind} rule={rule} onChange={mayWrite ? setChanged : undefined} />
              ))}
            </Table>
          </Card>
          <Receivers receivers={data.receivers} />
          {changed && <RuleDialog rule={changed} onClose={() => setChanged(undefined)} />}
        </>
      )}
    </Loaded>
  );
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly onChange: ((rule: Rule) => void) | undefined;
}

function RuleRow({ rule, onChange }: RuleRowProps) {
  const texts = useTexts(alertsTexts);
  const { kind, severity, told, raise_at, resolve_at } = rule;
  const [name, when] = texts.kinds[kind] ?? [kind, '–'];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span className={`badge ${severity === 'critical' ? 'refused' : 'warning'}`}>{texts[severity]}</span>
      </td>
      <td className="wrap">
        {when}
        {raise_at !== null && resolve_at !== null && (
          <small> {texts.marks(count(raise_at), count(resolve_at))}</small>
        )}
      </td>
      <td>
        <span className={`badge ${told ? 'credit' : 'off'}`}>{told ? texts.isTold : texts.notTold}</span>
      </td>
      {onChange && (
        <td>
          <button
            className="button small"
            type="button"
            aria-label={texts.changeOf(name)}
            onClick={() => onChange(rule)}
          >
            {texts.change}
          </button>
        </td>
      )}
    </tr>
  );
}

function RuleDialog({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const texts = useTexts(alertsTexts);
  const { kind, raise_at, resolve_at } = rule;
  const [name] = texts.kinds[kind] ?? [kind];
  const [told, setTold] = useState(rule.told);
  const [raise, setRaise] = useState(String(raise_at ?? ''));
  const [over, setOver] = useState(String(resolve_at ?? ''));
  const isFigure = raise_at !== null;
  return (
    <ActDialog
      title={name}
      effect={isFigure ? texts.figureEffect : texts.stateEffect}
      action={texts.save}
      asksReason={false}
      isHeld={isFigure && !(/^\d{1,9}$/.test(raise) && /^\d{1,9}$/.test(over))}
      act={() =>
        answer(
          api.PUT('/api/admin/alerts/rules/{kind}', {
            params: { path: { kind } },
            body: { told, ...(isFigure && { raise_at: Number(raise), resolve_at: Number(over) }) },
          }),
        )
      }
      said={texts.ruleSaved}
      onClose={onClose}
    >
      {() => (
        <>
          <label className="check">
            <input type="checkbox" checked={told} onChange={({ target }) => setTold(target.checked)} />
            {texts.told}
          </label>
          {isFigure && (
            <div className="calculator">
              <Field
                label={texts.raiseAt}
                inputMode="numeric"
                value={raise}
                onChange={({ target }) => setRaise(target.value)}
              />
              <Field
                label={texts.resolveAt}
                inputMode="numeric"
                value={over}
                onChange={({ target }) => setOver(target.value)}
              />
            </div>
          )}
        </>
      )}
    </ActDialog>
  );
}
