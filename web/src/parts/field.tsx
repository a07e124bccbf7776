import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What the API says of this field, or what the page knows before it asks. */
  readonly error?: string | undefined;
  /** Beside the label: "Forgot it?". */
  readonly beside?: ReactNode;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** An input with its label; what is wrong with it stands below and is read with it. */
export function Field({ label, hint, error, beside, prefix, suffix, ...input }: FieldProps) {
  const id = useId();
  const described = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(
    Boolean,
  );
  const field = (
    <input
      {...input}
      id={id}
      className={`input${prefix === undefined && suffix === undefined ? '' : ' figure'}`}
      aria-invalid={error !== undefined || undefined}
      aria-describedby={described.join(' ') || undefined}
    />
  );
  const named = (
    <label className="label" htmlFor={id}>
      {label}
    </label>
  );
  return (
    <div className="field">
      {beside === undefined ? (
        named
      ) : (
        <div className="row-apart">
          {named}
          {beside}
        </div>
      )}
      {prefix === undefined && suffix === undefined ? (
        field
      ) : (
        <div className="affix">
          {prefix !== undefined && <span>{prefix}</span>}
          {field}
          {suffix !== undefined && <span>{suffix}</span>}
        </div>
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
