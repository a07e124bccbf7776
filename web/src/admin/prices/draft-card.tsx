import { useState } from 'react';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { Recomputed } from './recomputed.tsx';
import { type Draft, type PriceChanges, publish } from './price-queries.ts';
import { pricesTexts } from './prices.texts.ts';

interface DraftCardProps {
  readonly draft: Draft;
  /** It was published or discarded. */
  readonly onEnd: () => void;
}

/** What would change, and the button that makes it so. */
export function DraftCard({ draft, onEnd }: DraftCardProps) {
  const texts = useTexts(pricesTexts);
  const [isAsked, setAsked] = useState(false);
  const next = count(draft.base + 1);
  const isSame = rowsOf(draft.changes).length === 0;
  return (
    <Card title={texts.draft} aside={<span className="badge held">{texts.notPublished}</span>}>
      {isSame ? (
        <div className="empty">
          <p>{texts.nothing}</p>
        </div>
      ) : (
        <>
          <Changes changes={draft.changes} />
          {draft.changes.recomputed && <Recomputed of={draft.changes.recomputed} />}
        </>
      )}
      <div className="table-foot">
        <span>{texts.againstVersion(count(draft.base))}</span>
        <div className="actions">
          <button className="button" type="button" onClick={onEnd}>
            {texts.discard}
          </button>
          {!isSame && (
            <button className="button primary" type="button" onClick={() => setAsked(true)}>
              {texts.publish(next)}
            </button>
          )}
        </div>
      </div>
      {isAsked && (
        <ActDialog
          title={texts.publish(next)}
          effect={texts.publishEffect}
          action={texts.publish(next)}
          asksReason={false}
          act={async () => {
            const done = await publish(draft);
            onEnd();
            return done;
          }}
          said={({ version }) => texts.published(count(version))}
          onClose={() => setAsked(false)}
        />
      )}
    </Card>
  );
}

const shownValue = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

type Row = readonly [
  kind: 'models' | 'groups',
  name: string,
  change: 'added' | 'removed' | readonly string[],
];

const rowsOf = (changes: PriceChanges): readonly Row[] =>
  (['models', 'groups'] as const).flatMap((kind) => {
    const { added, removed, changed } = changes[kind];
    return [
      ...added.map((name): Row => [kind, name, 'added']),
      ...removed.map((name): Row => [kind, name, 'removed']),
      ...changed.map(({ name, fields }): Row => [
        kind,
        name,
        Object.entries(fields).map(
          ([field, { before, after }]) => `${field}: ${shownValue(before)} → ${shownValue(after)}`,
        ),
      ]),
    ];
  });
const marks = { added: 'credit', removed: 'refused' } as const;

/** Every model and group that is new, gone or changed, with before and after. */
function Changes({ changes }: { readonly changes: PriceChanges }) {
  const texts = useTexts(pricesTexts);
  return (
    <Table label={texts.draft} columns={texts.diffColumns.map((name) => ({ name }))} className="table-tall">
      {rowsOf(changes).map(([kind, name, change]) => (
        <tr key={`${kind} ${name}`}>
          <th scope="row">{name}</th>
          <td>{texts.kinds[kind]}</td>
          <td className="wrap">
            {typeof change === 'string' ? (
              <span className={`badge ${marks[change]}`}>{texts[change]}</span>
            ) : (
              change.join(' · ')
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
