import { useTexts } from '../../texts.ts';
import { actTexts } from '../../parts/act.texts.ts';

interface NothingProps {
  readonly text: string;
  /** Where a filter is why: takes it away. */
  readonly onClear?: (() => void) | undefined;
}

/** Stands where rows would be: why there are none, and the way on. */
export function Nothing({ text, onClear }: NothingProps) {
  const { clear } = useTexts(actTexts);
  return (
    <div className="empty">
      <p>{text}</p>
      {onClear && (
        <div className="actions">
          <button className="button" type="button" onClick={onClear}>
            {clear}
          </button>
        </div>
      )}
    </div>
  );
}
