import { useState } from 'react';
import { Field } from '../../parts/field.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { isNoObject } from './json.ts';
import { furtherOf, type NamedField, namedFields, priceOf } from './price-fields.ts';
import type { ChangeList, ListProps } from './price-table.tsx';
import { pricesTexts } from './prices.texts.ts';

interface EditPriceProps {
  readonly list: ListProps['list'];
  /** Absent: a new one. */
  readonly model?: string;
  readonly onChange: ChangeList;
  readonly onClose: () => void;
}

/** One price of the list; the API says beside each field what is wrong with it, and nothing is published. */
export function EditPrice({ list, model, onChange, onClose }: EditPriceProps) {
  const texts = useTexts(pricesTexts);
  const place = list.prices.findIndex((price) => price.model === model);
  const price = list.prices[place];
  const [name, setName] = useState(model ?? '');
  const [values, setValues] = useState<Partial<Record<NamedField, string>>>(() =>
    Object.fromEntries(namedFields.map((field) => [field, String(price?.[field] ?? '')])),
  );
  const [more, setMore] = useState(() => JSON.stringify(furtherOf(price), null, 2));
  const [goes, setGoes] = useState(false);
  const index = place < 0 ? list.prices.length : place;
  const at = (field: string) => `prices.${index}.${field}`;
  const changed = goes ? [] : [priceOf({ model: name, values, further: more })];
  return (
    <ActDialog
      title={model ?? texts.add}
      effect={texts.editEffect}
      action={goes ? texts.remove : texts.apply}
      isDanger={goes}
      isHeld={!goes && isNoObject(more)}
      asksReason={false}
      fields={['model', ...namedFields].map(at)}
      act={() => onChange({ ...list, prices: list.prices.toSpliced(index, 1, ...changed) })}
      said={texts.drafted}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {model === undefined && (
            <Field
              label={texts.columns[0]}
              value={name}
              error={errorOf(at('model'))}
              spellCheck={false}
              onChange={({ target }) => setName(target.value)}
            />
          )}
          <div className="calculator">
            {namedFields.map((field) => (
              <Field
                key={field}
                label={texts.fields[field]}
                hint={texts.fieldHints[field]}
                inputMode="decimal"
                value={values[field] ?? ''}
                error={errorOf(at(field))}
                onChange={({ target }) => setValues((before) => ({ ...before, [field]: target.value }))}
              />
            ))}
          </div>
          <TextArea
            label={texts.more}
            hint={texts.moreHint}
            rows={4}
            value={more}
            error={isNoObject(more) ? texts.notJson : undefined}
            onChange={({ target }) => setMore(target.value)}
          />
          {model !== undefined && (
            <label className="check">
              <input type="checkbox" checked={goes} onChange={({ target }) => setGoes(target.checked)} />
              {texts.removes}
            </label>
          )}
        </>
      )}
    </ActDialog>
  );
}
