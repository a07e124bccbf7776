import type { ReactNode } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';
import { say } from './toasts.tsx';

/** Resolves with whether it was copied. Beyond https and this machine browsers have no clipboard but the old way. */
async function copy(text: string): Promise<boolean> {
  if (isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden-text';
  // Within the dialog that is open, if one is: outside of it nothing can be selected.
  const place = document.querySelector('dialog[open]') ?? document.body;
  place.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

interface CopyButtonProps {
  readonly text: string;
  /** What the button says; without it there is the sign alone. */
  readonly label?: ReactNode;
  readonly className?: string;
  readonly onCopied?: () => void;
}

export function CopyButton({ text, label, className = '', onCopied }: CopyButtonProps) {
  const texts = useTexts(partTexts);
  const isSign = label === undefined;
  const press = async () => {
    const done = await copy(text);
    say(done ? texts.copied : texts.notCopied);
    if (done) onCopied?.();
  };
  return (
    <button
      className={`button ${isSign ? 'icon-only small' : ''} ${className}`}
      type="button"
      aria-label={isSign ? texts.copy : undefined}
      onClick={() => void press()}
    >
      <Icon name="copy" />
      {label}
    </button>
  );
}
