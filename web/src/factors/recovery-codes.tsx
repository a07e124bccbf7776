import { useState } from 'react';
import { download } from '../format/download.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useTexts } from '../texts.ts';
import { factorTexts } from './factors.texts.ts';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** Ten codes, this once: whoever sees them says that they are stored before they go. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const texts = useTexts(factorTexts);
  const [isStored, setStored] = useState(false);
  const text = `${codes.join('\n')}\n`;
  return (
    <Dialog title={texts.codesTitle}>
      <div className="dialog-body">
        <p className="muted">{texts.codesLead}</p>
        <div className="key-reveal">
          <ul className="recovery-codes">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ul>
          <div className="actions">
            <CopyButton className="primary" text={text} label={texts.copy} />
            <button
              className="button"
              type="button"
              onClick={() => download('counterfoil-recovery-codes.txt', text, 'text/plain')}
            >
              <Icon name="download" />
              {texts.download}
            </button>
          </div>
        </div>
        <label className="check">
          <input type="checkbox" checked={isStored} onChange={({ target }) => setStored(target.checked)} />
          <span>{texts.stored}</span>
        </label>
      </div>
      <div className="dialog-foot">
        <button className="button" type="button" disabled={!isStored} onClick={onClose}>
          {texts.done}
        </button>
      </div>
    </Dialog>
  );
}
