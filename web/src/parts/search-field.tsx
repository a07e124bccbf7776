import { Icon } from './icon.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onType: (text: string) => void;
}

/** Finds at each letter among what the page has already. */
export const SearchField = ({ label, hint, value, onType }: SearchFieldProps) => (
  <div className="affix search">
    <span>
      <Icon name="search" small />
    </span>
    <input
      className="input"
      type="search"
      aria-label={label}
      placeholder={hint}
      value={value}
      onChange={({ target }) => onType(target.value)}
    />
  </div>
);
