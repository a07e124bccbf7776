import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { count } from '../../../format/numbers.ts';
import { Money } from '../../../parts/money.tsx';
import { useTexts } from '../../../texts.ts';
import { overviewQuery } from '../../overview/overview-query.ts';
import { useMay } from '../../parts/may.ts';
import type { Job } from '../jobs/job-queries.ts';
import { RebuildDialog } from '../jobs/rebuild-dialog.tsx';
import {
  differencesOfLog,
  driftOfBalances,
  firstPosition,
  projectionOf,
  type Verification,
} from './outcome.ts';
import { verifyTexts } from './verify.texts.ts';

interface VerdictProps {
  readonly job: Job | undefined;
  readonly verification: Verification | undefined;
}

/** The answer, as large as anything gets here, and what it is of. */
export function Verdict({ job, verification }: VerdictProps) {
  const texts = useTexts(verifyTexts);
  const zone = useZone();
  const differs = verification?.clean === false;
  const drift = verification && driftOfBalances(verification);
  return (
    <section className={`receipt balance${differs ? ' refused' : ''}`} aria-label={texts.result}>
      <div className="receipt-stub">
        <div className="stack-tight">
          <h2>{texts.drift}</h2>
          {verification === undefined ? (
            <p className="lead-figure">–</p>
          ) : (
            <p className={`lead-figure ${differs ? 'verdict-bad' : 'verdict-ok'}`}>
              {drift === undefined ? count(verification.drift) : signed(drift)}
              {drift !== undefined && (
                <>
                  {' '}
                  <span className="unit">{texts.quota}</span>
                </>
              )}
            </p>
          )}
          <p className="muted">{useVerdict(verification)}</p>
        </div>
        {job && (
          <p className="meta">
            {texts.checked}{' '}
            <time dateTime={new Date((job.ended_at ?? job.created_at) * 1000).toISOString()}>
              {moment(job.ended_at ?? job.created_at, zone)}
            </time>{' '}
            {zone}
          </p>
        )}
      </div>
      <div className="receipt-sheet">
        {verification ? <Figures verification={verification} /> : <p className="muted">{texts.neverNote}</p>}
      </div>
    </section>
  );
}

const signed = (quota: bigint): string => (quota > 0n ? `+${count(quota)}` : count(quota));

function useVerdict(verification: Verification | undefined): string {
  const texts = useTexts(verifyTexts);
  if (!verification) return texts.never;
  if (verification.clean) return texts.agree;
  const { accounts_differing: accounts = 0, drift } = verification;
  const ofLog = differencesOfLog(verification);
  if (ofLog > 0) return texts.logDiffers(count(ofLog));
  return accounts > 0 ? texts.accountsDiffer(count(accounts)) : texts.differences(count(drift));
}

function Figures({ verification }: { readonly verification: Verification }) {
  const texts = useTexts(verifyTexts);
  const drift = driftOfBalances(verification);
  const { accounts, accounts_differing: differing = 0, passed_over: passedOver, digest } = verification;
  return (
    <div className="stack">
      <dl className="stats">
        <div className="stat">
          <dt>{texts.events}</dt>
          <dd>{count(verification.events)}</dd>
          <dd className="stat-note">
            {passedOver && passedOver.skipped + passedOver.foreign > 0
              ? texts.passedOver(count(passedOver.skipped), count(passedOver.foreign))
              : texts.allEvents}
          </dd>
        </div>
        <div className="stat">
          <dt>{texts.accounts}</dt>
          <dd>{count(accounts)}</dd>
          <dd className="stat-note">
            {differing === 0
              ? texts.equal(count(accounts))
              : texts.equalAnd(count(accounts - differing), count(differing))}
          </dd>
        </div>
        {drift === undefined ? (
          <Position position={verification.position} />
        ) : (
          <div className="stat">
            <dt>{texts.worth}</dt>
            <dd>
              <Money quota={drift} moves={drift < 0n ? 'out' : 'in'} />
            </dd>
            <dd className="stat-note">{texts.worthNote}</dd>
          </div>
        )}
      </dl>
      {verification.clean ? (
        digest !== undefined && (
          <p className="small muted">
            {texts.digest} <code title={digest}>{shortened(digest)}</code>
          </p>
        )
      ) : (
        <Mend verification={verification} />
      )}
    </div>
  );
}

/** `9c41 e07a 22d8 … 5f03`: the whole is in the report. */
const shortened = (digest: string): string =>
  `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)} … ${digest.slice(-4)}`;

function Position({ position }: { readonly position: string }) {
  const texts = useTexts(verifyTexts);
  const mayRead = useMay()('usage:read');
  const { data } = useQuery({ ...overviewQuery, enabled: mayRead });
  const behind = data && BigInt(data.liability.position) - BigInt(position);
  return (
    <div className="stat">
      <dt>{texts.position}</dt>
      <dd>{count(BigInt(position))}</dd>
      <dd className="stat-note">
        {behind === undefined ? '' : behind <= 0n ? texts.atEnd : texts.behind(count(behind))}
      </dd>
    </div>
  );
}

/** What can be done about it: the tables are made anew, and the events looked at. */
function Mend({ verification }: { readonly verification: Verification }) {
  const texts = useTexts(verifyTexts);
  const mayRun = useMay()('jobs:run');
  const [isOpen, setOpen] = useState(false);
  const first = firstPosition(verification);
  return (
    <div className="actions">
      {mayRun && differencesOfLog(verification) === 0 && (
        <button className="button primary" type="button" onClick={() => setOpen(true)}>
          {texts.rebuild}
        </button>
      )}
      {first && (
        <Link
          className="button"
          to="/admin/ledger"
          search={{ tab: 'compare', from: String(Number(first.key) - 1), to: first.key }}
        >
          {texts.showEvents}
        </Link>
      )}
      {isOpen && (
        <RebuildDialog projection={projectionOf(verification)} mode="accept" onClose={() => setOpen(false)} />
      )}
    </div>
  );
}
