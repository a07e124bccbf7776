import { type ReactNode, useId } from 'react';
import { describedBy, FieldFrame } from './field.tsx';
import { TimeInput, type TimeKind } from './time-input.tsx';

interface TimeFieldProps {
  readonly kind: TimeKind;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly value: string;
  /** Of whole values alone, and of an emptied field. */
  readonly onChoose: (value: string) => void;
}

/** A day, a month or a moment with its label, as `Field` has other values. */
export function TimeField({ kind, label, hint, error, value, onChoose }: TimeFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <TimeInput
        id={id}
        kind={kind}
        value={value}
        onChoose={onChoose}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describedBy(id, { error, hint })}
      />
    </FieldFrame>
  );
}
