import { type FormEvent, useState } from 'react';
import { Icon } from './icon.tsx';

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** Asks the service at Enter, not at each letter. */
export function SearchBox({ label, hint, value, onSearch }: SearchBoxProps) {
  const [{ of, text }, setTyped] = useState({ of: value, text: value });
  // Cleared elsewhere, or gone back: what the address says goes before what was typed.
  if (of !== value) setTyped({ of: value, text: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form className="affix search" role="search" onSubmit={submit}>
      <span>
        <Icon name="search" small />
      </span>
      <input
        className="input"
        type="search"
        aria-label={label}
        placeholder={hint}
        value={text}
        onChange={({ target }) => setTyped({ of, text: target.value })}
      />
    </form>
  );
}
