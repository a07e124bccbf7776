import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { download } from '../../format/download.ts';
import { usdOfQuota } from '../../format/money.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { LeadMoney, Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { TimeInput } from '../../parts/time-input.tsx';
import { useTexts } from '../../texts.ts';
import type { CheckedProof } from './check-proof.ts';
import { type BalanceProof, balanceProofQuery, proofsQuery } from './proof-queries.ts';
import { proofTexts } from './proof.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/proof');

/** That one's balance is in what the service says it owes. */
export function ProofPage() {
  const texts = useTexts(proofTexts);
  const { day } = route.useSearch();
  const navigate = route.useNavigate();
  const offered = useQuery(proofsQuery);
  const keys = offered.data?.keys ?? [];
  const proof = useQuery({
    ...balanceProofQuery(day, keys),
    enabled: offered.data !== undefined,
  });
  return (
    <>
      <PageHead
        title={texts.title}
        crumb={
          <Link className="crumb" to="/portal/billing">
            <Icon name="back" small />
            {texts.billing}
          </Link>
        }
        lead={texts.lead}
        actions={
          <TimeInput
            kind="date"
            aria-label={texts.day}
            title={texts.day}
            value={day ?? proof.data?.checked?.asOf.slice(0, 'yyyy-mm-dd'.length) ?? ''}
            onChoose={(chosen) => void navigate({ search: chosen ? { day: chosen } : {} })}
          />
        }
      />
      <Loaded
        query={proof}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(found) => (found === null ? <Nothing /> : <Proved proof={found} vkey={keys[0]} />)}
      </Loaded>
    </>
  );
}

function Nothing() {
  const texts = useTexts(proofTexts);
  const { day } = route.useSearch();
  return (
    <section className="card empty">
      <p>{day === undefined ? texts.none : texts.noneThen}</p>
      {day !== undefined && (
        <div className="actions">
          <Link className="button" to="/portal/proof">
            {texts.newest}
          </Link>
        </div>
      )}
    </section>
  );
}

interface ProvedProps {
  readonly proof: BalanceProof;
  readonly vkey: string | undefined;
}

function Proved({ proof: { text, checked, isFalse }, vkey }: ProvedProps) {
  const texts = useTexts(proofTexts);
  const name = `balance-${checked?.asOf ?? 'proof'}.tlog-proof`;
  const command = `node verify-receipt.mjs ${name} '${vkey ?? ''}'`;
  return (
    <>
      {isFalse && (
        <div className="banner refused" role="alert">
          <Icon name="alert" />
          <p>{texts.bad}</p>
        </div>
      )}
      {checked && <Figures checked={checked} />}
      <Card title={texts.elsewhere}>
        <div className="card-body stack">
          {!checked && !isFalse && <p>{texts.unseen}</p>}
          <p className="small muted">{texts.elsewhereLead}</p>
          <p className="proof-text">
            <code>{command}</code>
          </p>
          <div className="actions">
            <button
              className="button primary"
              type="button"
              onClick={() => download(name, text, 'text/plain')}
            >
              <Icon name="download" />
              {texts.save}
            </button>
            <CopyButton text={command} label={texts.command} />
          </div>
        </div>
      </Card>
    </>
  );
}

function Figures({ checked }: { readonly checked: CheckedProof }) {
  const texts = useTexts(proofTexts);
  const {
    balance,
    isOwed,
    total,
    accounts,
    root,
    leaf,
    origin,
    size,
    signedBy,
    asOf,
    timeZone: zone,
  } = checked;
  // What is closed beside the ends of days is an instant.
  const isDay = asOf.length === 'yyyy-mm-dd'.length;
  const amount = balance < 0n ? -balance : balance;
  const facts = [
    [isOwed ? texts.total : texts.overdrawn, <Money key="total" quota={total} />],
    [texts.accounts, count(accounts)],
    [texts.root, <code key="root">{root}</code>],
    [texts.leaf, <code key="leaf">{leaf}</code>],
    [texts.log, origin],
    [texts.entries, count(size)],
    [texts.key, <code key="key">{signedBy ?? '–'}</code>],
  ] as const;
  return (
    <section className="receipt" aria-label={texts.title}>
      <div className="receipt-stub">
        <div className="stack-tight">
          <h2>{isOwed ? texts.had : texts.owed}</h2>
          <LeadMoney usd={usdOfQuota(amount)} />
          <p className="quota muted">{texts.quota(count(amount))}</p>
        </div>
        <p className="meta">{isDay ? texts.endOf(asOf, zone) : texts.at(moment(asOf, zone), zone)}</p>
        <p className="receipt-no">{checked.account}</p>
      </div>
      <div className="receipt-sheet">
        <h3>{texts.facts}</h3>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <ul className="receipt-foot">
          <li>
            <Icon name="check" />
            {signedBy === undefined ? texts.unsigned : texts.good}
          </li>
        </ul>
      </div>
    </section>
  );
}
