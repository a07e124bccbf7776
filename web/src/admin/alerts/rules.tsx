import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { rulesQuery } from './alert-queries.ts';
import { alertsTexts } from './alerts.texts.ts';

/** What is told of by itself, and who is told. */
export function Rules() {
  const texts = useTexts(alertsTexts);
  const rules = useQuery(rulesQuery);
  const columns = texts.ruleColumns.map((name) => ({ name }));
  return (
    <Loaded query={rules} skeleton={<SkeletonTable label={texts.rules} columns={columns} rows={5} />}>
      {(data) => (
        <>
          <Card title={texts.rules} foot={texts.onceNote}>
            <Table label={texts.rules} columns={columns}>
              {data.rules.map(({ kind, severity }) => {
                const [name, when] = texts.kinds[kind] ?? [kind, '–'];
                return (
                  <tr key={kind}>
                    <th scope="row">{name}</th>
                    <td>
                      <span className={`badge ${severity === 'critical' ? 'refused' : 'warning'}`}>
                        {texts[severity]}
                      </span>
                    </td>
                    <td className="wrap">{when}</td>
                  </tr>
                );
              })}
            </Table>
          </Card>
          <Receivers receivers={data.receivers} />
        </>
      )}
    </Loaded>
  );
}

function Receivers({ receivers }: { readonly receivers: readonly string[] }) {
  const texts = useTexts(alertsTexts);
  const mayTest = useMay()('alerts:write');
  const { mutate, error, isPending } = useMutation({
    mutationFn: (channel: string) =>
      answer(api.POST('/api/admin/notifications/{channel}/test', { params: { path: { channel } } })),
    onSuccess: () => say(texts.tested),
  });
  return (
    <Card title={texts.receivers}>
      <div className="card-body">
        <FormFailure error={error} />
        <dl className="facts">
          {receivers.map((name) => (
            <div key={name}>
              <dt>
                <code>{name}</code> {texts.receiverTexts[name]}
              </dt>
              <dd>
                {mayTest && (
                  <button
                    className="button small"
                    type="button"
                    aria-label={texts.testOf(name)}
                    disabled={isPending}
                    onClick={() => mutate(name)}
                  >
                    {texts.test}
                  </button>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
