import { count } from '../../../format/numbers.ts';
import { Card } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import { FactsCard } from '../../explanation/facts.tsx';
import type { Job } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';
import { useDuration } from './took.ts';

type Outcome = NonNullable<Job['outcome']>;

interface Digest {
  readonly table: string;
  readonly rows: number;
  readonly digest: string;
}

/** One digest a table: equal for the same events wherever they are kept. */
export function Digests({ outcome }: { readonly outcome: Outcome }) {
  const texts = useTexts(jobsTexts);
  const columns = texts.digestColumns.map((name, index) => ({ name, isFigure: index === 1 }));
  const tables = (outcome['tables'] ?? []) as readonly Digest[];
  return (
    <Card title={texts.types.digest} foot={texts.digestNote}>
      <Table label={texts.types.digest} columns={columns}>
        {tables.map(({ table, rows, digest }) => (
          <tr key={table}>
            <th scope="row">{table}</th>
            <td className="figure">{count(rows)}</td>
            <td>
              <code>{digest}</code>
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

interface Written {
  readonly events: number;
  readonly new_events: number;
  readonly run: number;
  readonly encrypted: boolean;
  readonly written_at: string;
}

/** What is in the folder now. */
export function BackedUp({ outcome }: { readonly outcome: Outcome }) {
  const texts = useTexts(jobsTexts);
  const written = outcome as unknown as Written;
  return (
    <FactsCard
      title={texts.types.backup}
      facts={[
        [texts.eventsWritten, count(written.events)],
        [texts.eventsNew, count(written.new_events)],
        [texts.run, count(written.run)],
        [texts.isEncrypted, written.encrypted ? texts.yes : texts.no],
      ]}
    />
  );
}

interface Drilled {
  readonly drift: number;
  readonly same_log: boolean;
  readonly events: number;
  readonly backup_ms: number;
  readonly restore_ms: number;
  readonly after_backup: { readonly events: number };
}

/** What the backup is worth. */
export function DrilledBackup({ outcome }: { readonly outcome: Outcome }) {
  const texts = useTexts(jobsTexts);
  const duration = useDuration();
  const drilled = outcome as unknown as Drilled;
  return (
    <FactsCard
      title={texts.types.drill}
      facts={[
        [texts.eventsRestored, count(drilled.events)],
        [texts.sameLog, drilled.same_log ? texts.yes : texts.no],
        [texts.drift, count(drilled.drift)],
        [texts.writtenIn, duration(drilled.backup_ms / 1000)],
        [texts.restoredIn, duration(drilled.restore_ms / 1000)],
        [texts.eventsSince, count(drilled.after_backup.events)],
      ]}
    />
  );
}
