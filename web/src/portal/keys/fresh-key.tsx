import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useZone } from '../../api/status.ts';
import { download } from '../../format/download.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import { freshKeyTexts } from './fresh-key.texts.ts';
import type { FreshKey as Fresh } from './keys-queries.ts';

/** The browser asks before the window is closed. */
function useAskedBeforeLeaving(isAsked: boolean): void {
  useEffect(() => {
    if (!isAsked) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isAsked]);
}

interface FreshKeyProps {
  readonly fresh: Fresh;
  readonly onClose: () => void;
}

/** A secret, this once. Who leaves before it is stored is told what that means. */
export function FreshKey({ fresh, onClose }: FreshKeyProps) {
  const { secret } = fresh;
  const texts = useTexts(freshKeyTexts);
  const navigate = useNavigate();
  const [isStored, setStored] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  useAskedBeforeLeaving(!isStored);
  const leave = () => (isStored ? onClose() : setLeaving(true));
  return (
    <Dialog title={texts.title(fresh.name)} onClose={leave}>
      <div className="dialog-body">
        <p className="muted">{texts.once}</p>
        <div className="key-reveal">
          <code>{secret}</code>
          <div className="actions">
            <CopyButton className="primary" text={secret} label={texts.copy} />
            <button
              className="button"
              type="button"
              onClick={() => download('counterfoil.env', environmentOf(secret), 'text/plain')}
            >
              <Icon name="download" />
              {texts.download}
            </button>
          </div>
        </div>
        <KeyFacts of={fresh} />
        <label className="check">
          <input type="checkbox" checked={isStored} onChange={({ target }) => setStored(target.checked)} />
          <span>{texts.stored}</span>
        </label>
        {isLeaving && !isStored && (
          <div className="banner warning" role="alert">
            <Icon name="alert" />
            <p>{texts.leaving}</p>
            <button className="button small" type="button" onClick={onClose}>
              {texts.leave}
            </button>
          </div>
        )}
      </div>
      <div className="dialog-foot">
        <button
          className="button"
          type="button"
          onClick={() => void navigate({ to: '/portal/connect', search: { key: fresh.token_id } })}
        >
          {texts.connect}
        </button>
        <button className="button" type="button" disabled={!isStored} onClick={onClose}>
          {texts.done}
        </button>
      </div>
    </Dialog>
  );
}

/** The names that the SDKs look for. */
const environmentOf = (secret: string) =>
  [
    `OPENAI_BASE_URL=${location.origin}/v1`,
    `OPENAI_API_KEY=${secret}`,
    `ANTHROPIC_BASE_URL=${location.origin}`,
    `ANTHROPIC_API_KEY=${secret}`,
    '',
  ].join('\n');

function KeyFacts({ of: key }: { readonly of: Fresh }) {
  const texts = useTexts(freshKeyTexts);
  const zone = useZone();
  return (
    <dl className="facts">
      <div>
        <dt>{texts.limit}</dt>
        <dd>
          {key.quota_limit === null ? (
            texts.noLimit
          ) : (
            <>
              <Money quota={key.quota_limit} />{' '}
              <span className="muted">{texts.quota(count(key.quota_limit))}</span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>{texts.models}</dt>
        <dd>{key.models.length === 0 ? texts.allModels : key.models.join(', ')}</dd>
      </div>
      <div>
        <dt>{texts.expires}</dt>
        <dd>{key.expires_at === null ? texts.never : `${moment(key.expires_at, zone)} ${zone}`}</dd>
      </div>
    </dl>
  );
}
