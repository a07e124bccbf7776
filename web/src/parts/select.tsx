import { type SelectHTMLAttributes, useId } from 'react';

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'id' | 'className'> {
  readonly label: string;
  /** Among filters the first choice names it; else a label stands above. */
  readonly isFilter?: boolean;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChoose: (value: string) => void;
}

/** The browser's own. */
export function Select({ label, isFilter = false, options, onChoose, ...select }: SelectProps) {
  const id = useId();
  const box = (
    <span className="select-wrap">
      <select
        {...select}
        id={id}
        className="select"
        aria-label={isFilter ? label : undefined}
        onChange={(event) => onChoose(event.target.value)}
      >
        {options.map(([value, name]) => (
          <option value={value} key={value}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
  if (isFilter) return box;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {box}
    </div>
  );
}
