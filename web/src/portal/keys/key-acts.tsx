import { answer, api } from '../../api/client.ts';
import { ActDialog } from '../../parts/act-dialog.tsx';
import { useTexts } from '../../texts.ts';
import { changeOf, draftOf } from './key-draft.ts';
import { KeyForm } from './key-form.tsx';
import { keyFormTexts } from './key-form.texts.ts';
import type { AskedKeyAct } from './key-row.tsx';
import { type FreshKey, freshOf, keysQuery, type PersonKey } from './keys-queries.ts';
import { keysTexts } from './keys.texts.ts';
import { say } from '../../parts/toasts.tsx';

interface KeyActDialogProps {
  readonly of: PersonKey;
  readonly act: AskedKeyAct;
  readonly onClose: () => void;
  /** A reset shows a new secret. */
  readonly onFresh: (fresh: FreshKey | null) => void;
}

/** One act on one key: its form, or what it does and a button. */
export function KeyActDialog({ of: key, act, onClose, onFresh }: KeyActDialogProps) {
  const texts = useTexts(keysTexts);
  const form = useTexts(keyFormTexts);
  const at = { params: { path: { id: key.token_id } } };
  if (act === 'change')
    return (
      <KeyForm
        title={form.change(key.name)}
        action={form.save}
        initial={draftOf(key)}
        save={(draft) => answer(api.PATCH('/api/user/keys/{id}', { ...at, body: changeOf(draft) }))}
        onSaved={() => {
          say(texts.done.change);
          onClose();
        }}
        onClose={onClose}
      />
    );
  const acts = {
    enable: () => answer(api.PATCH('/api/user/keys/{id}', { ...at, body: { state: 'enabled' } })),
    reset: async () => {
      const { data } = await answer(api.POST('/api/user/keys/{id}/reset', at));
      onFresh(freshOf(data, key.models));
    },
    delete: () => answer(api.DELETE('/api/user/keys/{id}', at)),
  };
  return (
    <ActDialog<unknown>
      title={texts[act]}
      effect={texts.effects[act](key.name)}
      action={texts[act]}
      isDanger={act !== 'enable'}
      {...(act === 'delete' && { typedName: key.name })}
      asksReason={false}
      act={acts[act]}
      refreshes={keysQuery.queryKey}
      said={texts.done[act]}
      onClose={onClose}
    />
  );
}
