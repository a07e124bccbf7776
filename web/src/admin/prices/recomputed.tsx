import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import type { PriceChanges } from './price-queries.ts';
import { pricesTexts } from './prices.texts.ts';

type Recomputation = NonNullable<PriceChanges['recomputed']>;

/** What the calls of the last week would have cost by the draft, by model: the API's figures. */
export function Recomputed({ of }: { readonly of: Recomputation }) {
  const texts = useTexts(pricesTexts);
  const zone = useZone();
  if (of.calls === 0)
    return (
      <div className="card-body">
        <p className="muted">{texts.noCalls}</p>
      </div>
    );
  return (
    <>
      <div className="card-body">
        <h3>{texts.recomputed}</h3>
        <p className="small muted">
          {texts.recomputedOf(count(of.calls), `${moment(of.from, zone)} ${zone}`)}
          {of.omitted_calls > 0 && ` ${texts.omitted(count(of.omitted_calls))}`}
        </p>
      </div>
      <Table
        label={texts.recomputed}
        columns={texts.recomputedColumns.map((name, index) => ({ name, isFigure: index > 0 }))}
        className="table-tall"
        foot={
          <tfoot>
            <tr>
              <th scope="row">{texts.inAll}</th>
              <td className="figure">{count(of.calls)}</td>
              <Figures before={of.charged_quota} after={of.recomputed_quota} />
            </tr>
          </tfoot>
        }
      >
        {of.models.map((model) => (
          <tr key={model.model}>
            <th scope="row" className="two">
              {model.model}
              {model.unpriced_calls > 0 && <small>{texts.unpriced(count(model.unpriced_calls))}</small>}
            </th>
            <td className="figure">{count(model.calls)}</td>
            <Figures before={model.charged_quota} after={model.recomputed_quota} />
          </tr>
        ))}
      </Table>
    </>
  );
}

const Figures = ({ before, after }: { readonly before: number; readonly after: number }) => (
  <>
    <td className="figure">
      <Money quota={before} />
    </td>
    <td className="figure">
      <Money quota={after} />
    </td>
    <td className="figure">
      <Money quota={Math.abs(after - before)} moves={after < before ? 'out' : 'in'} />
    </td>
  </>
);
