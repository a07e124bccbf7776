interface DayFieldProps {
  /** From, or to: an empty field says nothing of it. */
  readonly label: string;
  readonly value: string | undefined;
  /** Undefined where the field was emptied. */
  readonly onChoose: (day: string | undefined) => void;
}

/** A day among filters. */
export const DayField = ({ label, value, onChoose }: DayFieldProps) => (
  <label className="day-field">
    <span>{label}</span>
    <input
      className="input day"
      type="date"
      value={value ?? ''}
      onChange={({ target }) => onChoose(target.value || undefined)}
    />
  </label>
);
