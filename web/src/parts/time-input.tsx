import { type InputHTMLAttributes, type ReactNode, useRef, useState } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

export type TimeKind = 'date' | 'month' | 'datetime-local';

/** As browsers write their values; a person may put a space where they have a T. */
const FORMS: Readonly<Record<TimeKind, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  month: /^\d{4}-\d\d$/,
  'datetime-local': /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/,
};

/** The value of what was typed; undefined while it is none. February has no 30th. */
function valueOf(kind: TimeKind, text: string): string | undefined {
  const value = text.trim().replace(' ', 'T');
  if (value === '') return '';
  const isWhole = FORMS[kind].test(value);
  const day = value.slice(0, 'yyyy-mm-dd'.length);
  const time = Date.parse(kind === 'month' ? `${value}-01` : day);
  if (!isWhole || Number.isNaN(time) || !new Date(time).toISOString().startsWith(day)) return undefined;
  return kind === 'datetime-local' && Number.isNaN(Date.parse(value)) ? undefined : value;
}

type Passed = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'id' | 'name' | 'title' | 'disabled' | 'aria-label' | 'aria-invalid' | 'aria-describedby'
>;

interface TimeInputProps extends Passed {
  readonly kind: TimeKind;
  /** As browsers write it; empty for none. */
  readonly value: string;
  /** Of whole values alone, and of an emptied field. */
  readonly onChoose?: (value: string) => void;
}

/**
 * A day, a month or a moment as this product writes them, in every language: a browser's own field follows the language of the browser and
 * not that of the page. The browser's calendar is behind the button.
 */
export function TimeInput({ kind, value, onChoose, ...input }: TimeInputProps): ReactNode {
  const texts = useTexts(partTexts);
  const calendar = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<{ readonly over: string; readonly text: string }>();
  // What was chosen elsewhere meanwhile goes before what was typed.
  const text = typed?.over === value ? typed.text : value.replace('T', ' ');
  const known = valueOf(kind, text);
  const type = (next: string) => {
    setTyped({ over: value, text: next });
    const chosen = valueOf(kind, next);
    if (chosen !== undefined) onChoose?.(chosen);
  };
  return (
    <span className={`time-input ${kind}`}>
      <input
        {...input}
        className="input"
        type="text"
        value={text}
        placeholder={texts.timeForms[kind]}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={(input['aria-invalid'] ?? known === undefined) || undefined}
        onChange={({ target }) => type(target.value)}
      />
      <button
        className="icon-button"
        type="button"
        aria-label={texts.calendar}
        title={texts.calendar}
        disabled={input.disabled}
        onClick={() => calendar.current?.showPicker()}
      >
        <Icon name="calendar" small />
      </button>
      <input
        ref={calendar}
        className="calendar"
        type={kind}
        step={kind === 'datetime-local' ? 1 : undefined}
        tabIndex={-1}
        aria-hidden="true"
        value={known ?? ''}
        onChange={({ target }) => type(target.value.replace('T', ' '))}
      />
    </span>
  );
}
