import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Card } from '../../parts/page-head.tsx';
import { operatorQuery } from '../../session/operator.ts';
import { sessionsOfOperator } from '../../session/own-sessions.ts';
import { SessionsCard } from '../../sessions/sessions-card.tsx';
import { useTexts } from '../../texts.ts';
import { ListPage } from '../parts/list-page.tsx';
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
  return (
    <>
      <ListPage
        title={texts.title}
        lead={texts.lead}
        columns={texts.columns}
        query={operators}
        add={mayWrite ? { name: texts.add, onAdd: () => setNew(true) } : undefined}
        row={(operator) => <OperatorRow key={operator.name} operator={operator} mayWrite={mayWrite} />}
      />
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
  const [isLooking, setLooking] = useState(false);
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
            <button
              className="button small"
              type="button"
              aria-label={`${texts.sessions}: ${name}`}
              onClick={() => setLooking(true)}
            >
              {texts.sessions}
            </button>
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
          {isLooking && (
            <Dialog title={name} isDrawer onClose={() => setLooking(false)}>
              <div className="dialog-body">
                <SessionsCard desk={sessionsOfOperator(name)} />
              </div>
            </Dialog>
          )}
          {act && <OperatorDialog operator={operator} act={act} onClose={() => setAct(undefined)} />}
        </td>
      )}
    </tr>
  );
}
