import { type FormEvent, useId } from 'react';
import { useTexts } from '../../texts.ts';
import { DayField } from '../../parts/day-field.tsx';
import { actTexts } from '../../parts/act.texts.ts';

interface WordFiltersProps<Name extends string> {
  readonly fields: readonly {
    readonly name: Name;
    readonly label: string;
    readonly type?: 'text' | 'date' | undefined;
  }[];
  readonly values: Readonly<Partial<Record<Name, string | number | undefined>>>;
  /** What is empty is left out. */
  readonly onFilter: (values: Readonly<Partial<Record<Name, string>>>) => void;
}

/** Words and days that a list is filtered by: asked for together, at Enter or by the button. */
export function WordFilters<Name extends string>({ fields, values, onFilter }: WordFiltersProps<Name>) {
  const { filter } = useTexts(actTexts);
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const filled = fields.flatMap(({ name }) => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
    });
    onFilter(Object.fromEntries(filled) as Readonly<Partial<Record<Name, string>>>);
  };
  return (
    // Filters that were cleared elsewhere are cleared here.
    <form onSubmit={submit} key={JSON.stringify(values)} role="search" aria-labelledby={id}>
      {fields.map(({ name, label, type = 'text' }) =>
        type === 'date' ? (
          // A day says nothing of what it is for, as a placeholder does.
          <DayField key={name} name={name} label={label} value={values[name]?.toString()} />
        ) : (
          <input
            key={name}
            className="input word"
            type="text"
            name={name}
            aria-label={label}
            title={label}
            placeholder={label}
            defaultValue={values[name] ?? ''}
            spellCheck={false}
          />
        ),
      )}
      <button className="button" type="submit" id={id}>
        {filter}
      </button>
    </form>
  );
}
