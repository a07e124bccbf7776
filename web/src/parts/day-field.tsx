import { useId } from 'react';
import { TimeInput } from './time-input.tsx';

interface DayFieldProps {
  /** From, or to: an empty field says nothing of it. */
  readonly label: string;
  readonly name?: string;
  readonly value: string | undefined;
  /** Undefined where the field was emptied. */
  readonly onChoose?: (day: string | undefined) => void;
}

/** A day among filters. */
export function DayField({ label, name, value, onChoose }: DayFieldProps) {
  const id = useId();
  return (
    <div className="day-field">
      <label htmlFor={id}>{label}</label>
      <TimeInput
        id={id}
        name={name}
        kind="date"
        value={value ?? ''}
        onChoose={(day) => onChoose?.(day || undefined)}
      />
    </div>
  );
}
