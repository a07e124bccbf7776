import { count } from '../../format/numbers.ts';
import { Failure } from '../../parts/failure.tsx';
import { Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import { playgroundTexts } from './playground.texts.ts';
import type { Turn } from './turns.ts';

/** What was said, what each turn cost, and what they cost together. */
export function Conversation({ turns }: { readonly turns: readonly Turn[] }) {
  const texts = useTexts(playgroundTexts);
  if (turns.length === 0)
    return (
      <div className="empty">
        <p>
          {texts.empty} {texts.emptyHint}
        </p>
      </div>
    );
  const charges = turns.flatMap(({ charge }) => (charge === undefined ? [] : [charge]));
  return (
    <div className="card-body">
      <ol className="turns" role="log" aria-label={texts.conversation} tabIndex={0}>
        {turns.map((turn) => (
          <TurnItem key={turn.id} of={turn} />
        ))}
      </ol>
      {charges.length > 1 && (
        <dl className="facts">
          <div className="total">
            <dt>{texts.total}</dt>
            <dd>
              <Money quota={charges.reduce((sum, charge) => sum + charge, 0)} moves="out" />
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}

function TurnItem({ of: turn }: { readonly of: Turn }) {
  const texts = useTexts(playgroundTexts);
  const { state } = turn;
  return (
    <li className="turn">
      <p className="meta">{texts.you}</p>
      <p className="said">{turn.question}</p>
      <p className="meta">{turn.model}</p>
      {turn.answer === '' && state === 'running' && <p className="muted">{texts.waiting}</p>}
      {turn.answer !== '' && <p className="said answer">{turn.answer}</p>}
      {state === 'stopped' && <p className="small muted">{texts.stopped}</p>}
      {state === 'failed' ? <Failure error={turn.error} /> : <TurnCost of={turn} />}
    </li>
  );
}

function TurnCost({ of: { state, charge, isSettled, milliseconds, requestId } }: { readonly of: Turn }) {
  const texts = useTexts(playgroundTexts);
  if (state === 'running' || requestId === undefined) return null;
  return (
    <p className="meta">
      {texts.cost}:{' '}
      {charge === undefined ? (
        isSettled ? (
          texts.inLogs
        ) : (
          texts.settling
        )
      ) : (
        <Money quota={charge} moves="out" />
      )}
      {milliseconds !== undefined && ` · ${texts.milliseconds(count(milliseconds))}`}
    </p>
  );
}
