import type { ReactNode } from 'react';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { LeadMoney, Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import type { Sums } from './billing-queries.ts';
import { billingTexts } from './billing.texts.ts';

interface SumsReceiptProps {
  readonly sums: Sums;
  /** Days, and whose they are. */
  readonly range: ReactNode;
}

/** The counterfoil of a balance: opening, what came in, what went out, closing under the double rule. */
export function SumsReceipt({ sums, range }: SumsReceiptProps) {
  const texts = useTexts(billingTexts);
  const { closing, calls } = sums;
  const { lines, notes } = texts;
  return (
    <article className="receipt" aria-label={texts.sums}>
      <div className="receipt-stub">
        <div className="stack-tight">
          <h2>{texts.closing}</h2>
          <LeadMoney usd={closing.usd} />
          <p className="quota muted">{texts.quota(count(closing.quota))}</p>
        </div>
        <p className="meta">{range}</p>
      </div>
      <div className="receipt-sheet">
        <table className="lines">
          <caption className="hidden-text">{texts.sums}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.line}</th>
              <th scope="col">{texts.how}</th>
              <th scope="col" className="figure">
                {texts.usd}
              </th>
            </tr>
          </thead>
          <tbody>
            <Line name={lines.opening} note={notes.opening} quota={sums.opening.quota} />
            <Line name={lines.credited} note={notes.credited} quota={sums.credited.quota} moves />
            <Line name={lines.granted} note={notes.granted} quota={sums.granted.quota} moves />
            <Line name={lines.spent} note={notes.spent(count(calls))} quota={-sums.spent.quota} moves />
            <Line name={lines.refunded} note={notes.refunded} quota={-sums.refunded.quota} moves />
            <Line name={lines.adjusted} note={notes.adjusted} quota={sums.adjusted.quota} moves />
          </tbody>
          <tfoot>
            <tr className="sum">
              <th scope="row">{lines.closing}</th>
              <td />
              <td className="figure">
                <Money quota={closing.quota} />
              </td>
            </tr>
          </tfoot>
        </table>
        <ul className="receipt-foot">
          <li>
            <Icon name="check" />
            {texts.addUp}
          </li>
          <li className="num">{texts.rate}</li>
        </ul>
      </div>
    </article>
  );
}

interface LineProps {
  readonly name: string;
  readonly note: string;
  readonly quota: number;
  /** A movement has a sign, a balance has none. */
  readonly moves?: boolean;
}

const Line = ({ name, note, quota, moves = false }: LineProps) => (
  <tr>
    <th scope="row">{name}</th>
    <td className="how">{note}</td>
    <td className="figure">{moves ? <SignedMoney quota={quota} /> : <Money quota={quota} />}</td>
  </tr>
);

/** What came in with `+`, what went out with `−`. */
export const SignedMoney = ({ quota }: { readonly quota: number }) =>
  quota > 0 ? (
    <Money quota={quota} moves="in" meaning="credit" />
  ) : (
    <Money quota={Math.abs(quota)} moves="out" />
  );
