import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface FrameProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What the API says of this field, or what the page knows before it asks. */
  readonly error?: string | undefined;
  /** Beside the label: "Forgot it?". */
  readonly beside?: ReactNode;
}

/** What an input is named by, and what is read with it. */
export const describedBy = (id: string, { error, hint }: Pick<FrameProps, 'error' | 'hint'>) =>
  [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(' ') ||
  undefined;

/** The label above an input, and below it what is wrong and what it is for. */
export function FieldFrame({
  id,
  label,
  hint,
  error,
  beside,
  children,
}: FrameProps & { readonly id: string; readonly children: ReactNode }) {
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
      {children}
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

interface FieldProps extends FrameProps, Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> {
  readonly prefix?: string;
  readonly suffix?: string;
}

/** An input with its label; what is wrong with it stands below and is read with it. */
export function Field({ label, hint, error, beside, prefix, suffix, ...input }: FieldProps) {
  const id = useId();
  const field = (
    <input
      {...input}
      id={id}
      className={`input${prefix === undefined && suffix === undefined ? '' : ' figure'}`}
      aria-invalid={error !== undefined || undefined}
      aria-describedby={describedBy(id, { error, hint })}
    />
  );
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} beside={beside}>
      {prefix === undefined && suffix === undefined ? (
        field
      ) : (
        <div className="affix">
          {prefix !== undefined && <span>{prefix}</span>}
          {field}
          {suffix !== undefined && <span>{suffix}</span>}
        </div>
      )}
    </FieldFrame>
  );
}
