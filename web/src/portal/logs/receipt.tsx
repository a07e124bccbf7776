import { useLanguage } from '../../preferences.ts';
import { count } from '../../format/numbers.ts';
import { decimalQuota } from '../../format/quota.ts';
import { Icon } from '../../parts/icon.tsx';
import { LeadMoney, Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import { explainedTexts } from './explained.texts.ts';
import type { Explanation, LogRow } from './logs-queries.ts';

type Step = NonNullable<Explanation['call']>['steps'][number];
export type ChargeStep = Extract<Step, { readonly price: unknown }>;

/** The step by which a call was charged; a call that failed has none. */
export const chargeIn = ({ call }: Explanation): ChargeStep | undefined =>
  call?.steps.find((step): step is ChargeStep => 'price' in step);

/** Before the first step and after the last one, or around the movement. */
function balancesOf({
  call,
  balances,
}: Explanation): readonly [before: number | undefined, after: number | undefined] {
  if (balances) return [balances.balance_before, balances.balance_after];
  const moved = call?.steps.flatMap((step) => ('balance_after' in step ? [step] : [])) ?? [];
  return [moved[0]?.balance_before, moved.at(-1)?.balance_after];
}

interface ReceiptProps {
  readonly row: LogRow;
  readonly explanation: Explanation;
}

/** The counterfoil of a figure: what it is, and the lines of the service that add up to it. */
export function Receipt({ row, explanation }: ReceiptProps) {
  const texts = useTexts(explainedTexts);
  const { kind, quota, usd } = explanation;
  const charge = chargeIn(explanation);
  const isFree = kind === 'call' && quota === 0;
  return (
    <article className={`receipt${row.type === 'error' ? ' refused' : ''}`} aria-label={texts.why}>
      <div className="receipt-stub">
        <div className="stack-tight">
          <h2>
            {{ call: texts.charged, payment: texts.left, adjustment: texts.moved, grant: texts.moved }[kind]}
          </h2>
          <LeadMoney usd={usd} />
          <p className="quota muted">{isFree ? texts.free : texts.quota(count(quota))}</p>
        </div>
        <StubFacts row={row} explanation={explanation} />
        <p className="receipt-no">{row.request_id ?? row.reference}</p>
      </div>
      <div className="receipt-sheet">
        <Lines explanation={explanation} />
        <ul className="receipt-foot">
          <li>
            <Icon name="check" />
            {texts.addUp}
          </li>
          {charge && charge.balance_before - charge.quota === charge.balance_after && (
            <li>
              <Icon name="check" />
              {texts.balances}
            </li>
          )}
          {charge && <li className="num">{texts.price(count(charge.price.version))}</li>}
          {charge && <li className="num">{texts.group(charge.price.group, charge.price.group_ratio)}</li>}
          <li className="num">{texts.rate}</li>
        </ul>
      </div>
    </article>
  );
}

function StubFacts({ row, explanation }: ReceiptProps) {
  const texts = useTexts(explainedTexts);
  const [before, after] = balancesOf(explanation);
  return (
    <dl className="facts">
      {before !== undefined && (
        <div>
          <dt>{texts.before}</dt>
          <dd>
            <Money quota={before} />
          </dd>
        </div>
      )}
      {after !== undefined && (
        <div>
          <dt>{texts.after}</dt>
          <dd>
            <strong>
              <Money quota={after} />
            </strong>
          </dd>
        </div>
      )}
      <div>
        <dt>{texts.position}</dt>
        <dd>{count(BigInt(row.id))}</dd>
      </div>
    </dl>
  );
}

function Lines({ explanation: { kind, lines, quota } }: Pick<ReceiptProps, 'explanation'>) {
  const texts = useTexts(explainedTexts);
  const language = useLanguage();
  return (
    <table className="lines">
      <caption className="hidden-text">{texts.linesTitle}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.line}</th>
          <th scope="col">{texts.how}</th>
          <th scope="col" className="figure">
            {texts.inQuota}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={index}>
            <th scope="row">{texts.lines[line.kind] ?? line.kind}</th>
            <td className="how">{line.text[language]}</td>
            <td className="figure">{decimalQuota(line.quota)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="sum">
          <th scope="row">
            {
              {
                call: texts.total,
                payment: texts.totalLeft,
                adjustment: texts.totalMoved,
                grant: texts.totalMoved,
              }[kind]
            }
          </th>
          <td />
          <td className="figure">{count(quota)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
