import { CopyButton } from './copy.tsx';

/** A text to be copied as it stands; it scrolls within itself. */
export const Code = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <div className="code">
    <pre tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
    <CopyButton text={text} />
  </div>
);
