import { useRef, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { serviceKeysTexts } from './service-keys.texts.ts';

const scopes = ['users', 'topups', 'tokens', 'read', 'sessions', 'audit'] as const;
type Scope = (typeof scopes)[number];

/** Makes a key, and shows it the one time that it can be shown. */
export function NewServiceKey({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(serviceKeysTexts);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['users', 'topups', 'tokens', 'read']);
  const [origins, setOrigins] = useState('');
  const [made, setMade] = useState<string>();
  const isMade = useRef(false);
  if (made !== undefined) return <Shown secret={made} onClose={onClose} />;
  return (
    <ActDialog
      title={texts.add}
      effect={texts.addEffect}
      action={texts.add}
      asksReason={false}
      fields={['name', 'scopes', 'return_origins']}
      act={async () => {
        const return_origins = origins.split(/[\s,，]+/).filter((each) => each !== '');
        const body = { name: name.trim(), scopes: [...chosen], return_origins };
        const { data } = await answer(api.POST('/api/admin/service-keys', { body }));
        isMade.current = true;
        setMade(data.key);
      }}
      said={texts.made}
      // Once it is made, the key stands in its place.
      onClose={() => {
        if (!isMade.current) onClose();
      }}
    >
      {(errorOf) => (
        <>
          <Field
            label={texts.name}
            hint={texts.nameHint}
            value={name}
            error={errorOf('name')}
            onChange={({ target }) => setName(target.value)}
          />
          <fieldset className="stack-tight">
            <legend>{texts.scopes}</legend>
            {scopes.map((scope) => (
              <label className="check" key={scope}>
                <input
                  type="checkbox"
                  checked={chosen.includes(scope)}
                  onChange={({ target }) =>
                    setChosen(target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
                  }
                />
                <span>
                  <code>{scope}</code> {texts.scopeTexts[scope]}
                </span>
              </label>
            ))}
            {errorOf('scopes') !== undefined && <p className="field-error">{errorOf('scopes')}</p>}
          </fieldset>
          {chosen.includes('sessions') && (
            <TextArea
              label={texts.origins}
              hint={texts.originsHint}
              rows={3}
              value={origins}
              error={errorOf('return_origins')}
              onChange={({ target }) => setOrigins(target.value)}
            />
          )}
        </>
      )}
    </ActDialog>
  );
}

function Shown({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const texts = useTexts(serviceKeysTexts);
  return (
    <Dialog title={texts.made}>
      <div className="dialog-body">
        <p>{texts.once}</p>
        <div className="key-reveal">
          <code>{secret}</code>
          <div className="actions">
            <CopyButton text={secret} label={texts.copy} />
          </div>
        </div>
      </div>
      <div className="dialog-foot">
        <button className="button primary" type="button" onClick={onClose}>
          {texts.kept}
        </button>
      </div>
    </Dialog>
  );
}
