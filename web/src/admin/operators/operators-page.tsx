import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { operatorQuery } from '../../session/operator.ts';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { CreateDialog, OperatorDialog, type OperatorAct } from './operator-dialogs.tsx';
import { type Operator, operatorsQuery, roles } from './operator-queries.ts';
import { operatorsTexts } from './operators.texts.ts';
import { Traces } from './traces.tsx';

/** Who runs this service, and what each may do. */
export function OperatorsPage() {
  const texts = useTexts(operatorsTexts);
  const mayWrite = useMay()('operators:write');
  const operators = useQuery(operatorsQuery);
  const [isNew, setNew] = useState(false);
  const columns = texts.columns
    .map((name, index) => ({ name, isHidden: index === 5 }))
    .slice(0, mayWrite ? 6 : 5);
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          mayWrite && (
            <button className="button primary" type="button" onClick={() => setNew(true)}>
              <Icon name="plus" />
              {texts.add}
            </button>
          )
        }
      />
      <section className="card">
        <Loaded query={operators} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={4} />}>
          {(data) => (
            <Table label={texts.title} columns={columns}>
              {data.map((operator) => (
                <OperatorRow key={operator.name} operator={operator} mayWrite={mayWrite} />
              ))}
            </Table>
          )}
        </Loaded>
      </section>
      <Card title={texts.roles}>
        <div className="card-body">
          <dl className="facts">
            {roles.map((role) => (
              <div key={role}>
                <dt>{role}</dt>
                <dd>{texts.mayDo[role]}</dd>
              </div>
            ))}
          </dl>
        </div>
      </Card>
      <Traces />
      {isNew && <CreateDialog onClose={() => setNew(false)} />}
    </>
  );
}

interface OperatorRowProps {
  readonly operator: Operator;
  readonly mayWrite: boolean;
}

function OperatorRow({ operator, mayWrite }: OperatorRowProps) {
  const texts = useTexts(operatorsTexts);
  const zone = useZone();
  const { data: me } = useQuery(operatorQuery);
  const [act, setAct] = useState<OperatorAct>();
  const { name, role, enabled, created_by, created_at } = operator;
  // Nobody changes their own role or disables themselves, so that an admin is left.
  const acts: readonly OperatorAct[] =
    name === me?.name ? ['password'] : ['role', 'password', 'factor', enabled ? 'disable' : 'enable'];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{role}</td>
      <td>
        <span className={`badge ${enabled ? 'credit' : 'off'}`}>{enabled ? texts.on : texts.off}</span>
      </td>
      <td>{created_by}</td>
      <td>{moment(created_at, zone)}</td>
      {mayWrite && (
        <td>
          <span className="actions">
            {acts.map((each) => (
              <button
                key={each}
                className="button small"
                type="button"
                aria-label={`${texts.acts[each]}: ${name}`}
                onClick={() => setAct(each)}
              >
                {texts.acts[each]}
              </button>
            ))}
          </span>
          {act && <OperatorDialog operator={operator} act={act} onClose={() => setAct(undefined)} />}
        </td>
      )}
    </tr>
  );
}
