import { useState } from 'react';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { objectOf } from './json.ts';
import type { List } from './price-queries.ts';
import type { ChangeList, ListProps } from './price-table.tsx';
import { pricesTexts } from './prices.texts.ts';

interface ImportListProps {
  readonly list: ListProps['list'];
  readonly onChange: ChangeList;
  readonly onClose: () => void;
}

/** A list is two lists; what is in them is the API's to judge. */
function listOf(text: string): List | undefined {
  const { prices, groups } = (objectOf(text) ?? {}) as Partial<List>;
  return Array.isArray(prices) && Array.isArray(groups) ? { prices, groups } : undefined;
}

/** The whole list as text: what stands there, from a file or typed. What is not in it is gone. */
export function ImportList({ list: { prices, groups }, onChange, onClose }: ImportListProps) {
  const texts = useTexts(pricesTexts);
  const [text, setText] = useState(() => JSON.stringify({ prices, groups }, null, 2));
  const list = listOf(text);
  return (
    <ActDialog
      title={texts.import}
      effect={texts.importEffect}
      action={texts.apply}
      isHeld={list === undefined}
      asksReason={false}
      act={async () => list && onChange(list)}
      said={texts.drafted}
      onClose={onClose}
    >
      {() => (
        <>
          <TextArea
            label={texts.list}
            rows={12}
            value={text}
            error={list ? undefined : texts.notList}
            onChange={({ target }) => setText(target.value)}
          />
          <div className="field">
            <label htmlFor="price-file">{texts.file}</label>
            <input
              id="price-file"
              className="input file"
              type="file"
              accept="application/json,.json"
              onChange={({ target }) => void target.files?.[0]?.text().then(setText)}
            />
          </div>
        </>
      )}
    </ActDialog>
  );
}
