import { Link } from '@tanstack/react-router';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { count } from '../../../format/numbers.ts';
import { Card } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import { nameOf } from '../../parts/name-of.ts';
import type { Job } from '../jobs/job-queries.ts';
import { differencesOfLog, firstPosition, type Verification } from './outcome.ts';
import { verifyTexts } from './verify.texts.ts';

interface DifferencesProps {
  readonly job: Job;
  readonly verification: Verification;
}

/** Which rows differ, and where in the log that began. */
export function Differences({ job, verification }: DifferencesProps) {
  const texts = useTexts(verifyTexts);
  const { differences, drift } = verification;
  return (
    <>
      <Card
        title={texts.difference}
        foot={
          differencesOfLog(verification) > 0
            ? texts.logNote
            : differences.length < drift
              ? texts.differencesCut(count(differences.length), count(drift))
              : texts.differencesNote
        }
      >
        <Table label={texts.difference} columns={texts.differenceColumns.map((name) => ({ name }))}>
          {differences.map(({ check, key, accountId, expected, found }, index) => (
            <tr key={index}>
              <th scope="row" className="two">
                {key}
                {accountId !== null && accountId !== key && <small>{accountId}</small>}
              </th>
              <td className="wrap">{expected}</td>
              <td className="wrap">{found}</td>
              <td>{texts.checkNames[check] ?? check}</td>
            </tr>
          ))}
        </Table>
      </Card>
      <Where job={job} verification={verification} />
    </>
  );
}

function Where({ job, verification }: DifferencesProps) {
  const texts = useTexts(verifyTexts);
  const zone = useZone();
  const first = firstPosition(verification);
  return (
    <Card title={texts.where}>
      <div className="card-body">
        <ol className="timeline">
          {first && (
            <li className="refused">
              <span className="what">{texts.first}</span>
              <span className="amount">{count(BigInt(first.key))}</span>
              <span className="meta">
                {texts.checkNames[first.check] ?? first.check} ·{' '}
                <Link to="/admin/logs" search={{ log: first.key }}>
                  {texts.explain}
                </Link>
              </span>
            </li>
          )}
          <li className="warning">
            <span className="what">{texts.found}</span>
            <span className="amount">{count(BigInt(verification.position))}</span>
            <span className="meta">
              {moment(job.ended_at ?? job.created_at, zone)} · {nameOf(job.started_by)}
            </span>
          </li>
        </ol>
      </div>
    </Card>
  );
}
