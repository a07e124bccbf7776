import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { count } from '../../format/numbers.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { LogDrawer } from '../logs/log-drawer.tsx';
import { billingRowQuery } from './billing-queries.ts';
import { billingTexts } from './billing.texts.ts';

interface BillingDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** What a row is made of: a movement is a row of the history, consumption the calls of a day. */
export const BillingDrawer = ({ id, onClose }: BillingDrawerProps) =>
  /^\d+$/.test(id) ? <LogDrawer id={id} onClose={onClose} /> : <Consumption id={id} onClose={onClose} />;

const addUp = (figures: readonly number[]) => count(figures.reduce((sum, each) => sum + each, 0));

function Consumption({ id, onClose }: BillingDrawerProps) {
  const texts = useTexts(billingTexts);
  const detail = useQuery(billingRowQuery(id));
  const logs = detail.data?.logs;
  const columns = texts.keyColumns.map((name, index) => ({ name, isFigure: index > 0 }));
  return (
    <Dialog title={logs ? `${logs.model} · ${logs.from}` : texts.byKey} isDrawer onClose={onClose}>
      <div className="dialog-body">
        <Loaded query={detail} skeleton={<SkeletonLines lines={6} />}>
          {({ row, keys }) => (
            <Table
              label={texts.byKey}
              columns={columns}
              foot={
                <tfoot>
                  <tr>
                    <th scope="row">{texts.total}</th>
                    <td className="figure">{addUp((keys ?? []).map(({ calls }) => calls))}</td>
                    <td className="figure">{addUp((keys ?? []).map(({ tokens }) => tokens))}</td>
                    <td className="figure">
                      <Money quota={-row.quota_amount} moves="out" />
                    </td>
                  </tr>
                </tfoot>
              }
            >
              {(keys ?? []).map((key) => (
                <tr key={key.token_id}>
                  <th scope="row">{key.token_name || texts.noKey}</th>
                  <td className="figure">{count(key.calls)}</td>
                  <td className="figure">{count(key.tokens)}</td>
                  <td className="figure">
                    <Money quota={key.quota} moves="out" />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </div>
      <div className="dialog-foot">
        {logs && (
          <Link className="button" to="/portal/logs" search={logs}>
            {texts.itsCalls}
          </Link>
        )}
      </div>
    </Dialog>
  );
}
