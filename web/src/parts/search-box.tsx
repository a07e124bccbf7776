import { type FormEvent, useState } from 'react';
import { SearchField } from './search-field.tsx';

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
    <form role="search" onSubmit={submit}>
      <SearchField label={label} hint={hint} value={text} onType={(typed) => setTyped({ of, text: typed })} />
    </form>
  );
}
