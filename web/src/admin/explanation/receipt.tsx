import { moneyParts, usdOfQuota } from '../../format/money.ts';
import { count } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { ProofButton } from '../../parts/proof-button.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { explanationTexts } from './explanation.texts.ts';
import { receiptOf } from './queries.ts';

export interface ToldLine {
  readonly kind: string;
  readonly text: { readonly zh: string; readonly en: string };
  /** Signed and exact. */
  readonly quota: string;
}

interface ReceiptProps {
  readonly title: string;
  readonly isRefused?: boolean;
  /** What moved, without sign. */
  readonly quota: number;
  readonly balanceBefore: number | undefined;
  readonly balanceAfter: number | undefined;
  readonly position: number | undefined;
  readonly number: string;
  /** As the API says them: they add up to what moved. */
  readonly lines: readonly ToldLine[];
  readonly total: string;
  /** Of the sum, where it is not the title. */
  readonly totalName?: string;
}

/** `1,234.50` of an exact decimal text. */
const exact = (quota: string): string => {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(quota) ?? [];
  return `${sign && '−'}${count(BigInt(whole))}${fraction && `.${fraction}`}`;
};

/** The proof of one movement: what it came to, what it was before and after, and the lines that make it. */
export function Receipt({
  title,
  isRefused = false,
  quota,
  lines,
  total,
  totalName = title,
  ...stub
}: ReceiptProps) {
  const texts = useTexts(explanationTexts);
  const language = useLanguage();
  return (
    <section className={`receipt${isRefused ? ' refused' : ''}`} aria-label={title}>
      <div className="receipt-stub">
        <h3>{title}</h3>
        <Figure quota={quota} />
        <StubFacts {...stub} />
        <p className="receipt-no">{stub.number}</p>
        <SignedReceipt number={stub.number} position={stub.position} />
      </div>
      <div className="receipt-sheet">
        <table className="lines">
          <thead>
            <tr>
              <th scope="col">{texts.line}</th>
              <th scope="col" className="figure">
                {texts.quota}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ kind, text, quota: amount }, index) => (
              <tr key={`${kind} ${index}`}>
                <th scope="row">{text[language]}</th>
                <td className="figure">{exact(amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="sum">
              <th scope="row">{totalName}</th>
              <td className="figure">{total}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

/** The file that proves it to whoever has the key of the log. */
function SignedReceipt({ number, position }: Pick<ReceiptProps, 'number' | 'position'>) {
  if (!useMay()('audit:read') || position === undefined) return null;
  return <ProofButton name={number} read={() => receiptOf(number, position)} />;
}

type StubFactsProps = Pick<ReceiptProps, 'balanceBefore' | 'balanceAfter' | 'position'>;

function StubFacts({ balanceBefore, balanceAfter, position }: StubFactsProps) {
  const texts = useTexts(explanationTexts);
  const balances = [
    [texts.before, balanceBefore],
    [texts.after, balanceAfter],
  ] as const;
  return (
    <dl className="facts">
      {balances.map(
        ([name, quota]) =>
          quota !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Money quota={quota} />
              </dd>
            </div>
          ),
      )}
      {position !== undefined && (
        <div>
          <dt>{texts.position}</dt>
          <dd className="num">{count(position)}</dd>
        </div>
      )}
    </dl>
  );
}

function Figure({ quota }: { readonly quota: number }) {
  const texts = useTexts(explanationTexts);
  const { dollars, cents, tail } = moneyParts(usdOfQuota(quota));
  return (
    <div>
      <p className="lead-figure">
        ${dollars}.{cents}
        {tail && <i>{tail}</i>}
      </p>
      <p className="small muted num">{texts.ofQuota(count(quota))}</p>
    </div>
  );
}
