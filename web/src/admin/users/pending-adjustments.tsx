import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { usersTexts } from './users.texts.ts';

interface Decision {
  readonly id: string;
  readonly user: string;
  readonly approves: boolean;
}

const decide = ({ id, approves }: Decision, reason: string) => {
  const params = { path: { adjustment_id: id } };
  return approves
    ? answer(api.POST('/api/admin/adjustments/{adjustment_id}/approve', { params }))
    : answer(api.POST('/api/admin/adjustments/{adjustment_id}/decline', { params, body: { reason } }));
};

/** Corrections that another operator must look at; nothing where none waits, or where it is not for this role. */
export function PendingAdjustments() {
  const texts = useTexts(usersTexts);
  const mayDecide = useMay()('users:adjust');
  const [decision, setDecision] = useState<Decision>();
  const { data = [] } = useQuery({
    queryKey: ['admin', 'adjustments'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/adjustments', { signal }))).data.adjustments,
    enabled: mayDecide,
  });
  return (
    <>
      {data.length > 0 && (
        <Card title={texts.pending}>
          <Table
            label={texts.pending}
            columns={texts.pendingColumns.map((name, index) => ({
              name,
              isFigure: index === 1,
              isHidden: index === 4,
            }))}
          >
            {data.map(({ adjustment_id: id, external_user_id: user, quota, reason, requested_by }) => (
              <tr key={id}>
                <th scope="row">
                  <Link to="/admin/users/$id" params={{ id: user }}>
                    {user}
                  </Link>
                </th>
                <td className="figure">
                  <Money quota={quota < 0 ? -quota : quota} moves={quota < 0 ? 'out' : 'in'} />
                </td>
                <td className="wrap">{reason}</td>
                <td>{requested_by}</td>
                <td>
                  <span className="actions">
                    <button
                      className="button small"
                      type="button"
                      onClick={() => setDecision({ id, user, approves: true })}
                    >
                      {texts.approve}
                    </button>
                    <button
                      className="button small"
                      type="button"
                      onClick={() => setDecision({ id, user, approves: false })}
                    >
                      {texts.decline}
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </Table>
        </Card>
      )}
      {decision && <Decide decision={decision} onClose={() => setDecision(undefined)} />}
    </>
  );
}

interface DecideProps {
  readonly decision: Decision;
  readonly onClose: () => void;
}

function Decide({ decision, onClose }: DecideProps) {
  const texts = useTexts(usersTexts);
  return (
    <ActDialog
      title={decision.approves ? texts.approve : texts.decline}
      effect={decision.approves ? texts.approveEffect(decision.user) : texts.declineEffect(decision.user)}
      action={decision.approves ? texts.approve : texts.decline}
      asksReason={!decision.approves}
      act={(reason) => decide(decision, reason)}
      said={decision.approves ? texts.approved : texts.declined}
      onClose={onClose}
    />
  );
}
