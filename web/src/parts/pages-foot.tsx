import type { ReactNode } from 'react';
import { useTexts } from '../texts.ts';
import { actTexts } from './act.texts.ts';

interface PagesFootProps {
  readonly children: ReactNode;
  readonly isFirst: boolean;
  readonly hasNext: boolean;
  readonly onFirst: () => void;
  readonly onNext: () => void;
}

/** Below a list that comes page by page. */
export function PagesFoot({ children, isFirst, hasNext, onFirst, onNext }: PagesFootProps) {
  const texts = useTexts(actTexts);
  return (
    <div className="table-foot">
      <span className="num">{children}</span>
      <div className="actions">
        {!isFirst && (
          <button className="button small" type="button" onClick={onFirst}>
            {texts.first}
          </button>
        )}
        {hasNext && (
          <button className="button small" type="button" onClick={onNext}>
            {texts.next}
          </button>
        )}
      </div>
    </div>
  );
}
