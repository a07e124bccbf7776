import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldErrors } from '../../api/failure.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { actTexts } from './act.texts.ts';

interface ActDialogProps<Done> {
  readonly title: string;
  /** What it does, to whom. */
  readonly effect: ReactNode;
  /** The verb on its button. */
  readonly action: string;
  readonly isDanger?: boolean;
  /** What was filled in cannot be sent as it stands. */
  readonly isHeld?: boolean;
  /** Must be typed before it can be done. */
  readonly typedName?: string;
  /** Fields of the body that `children` shows, so that what is wrong with them is not said twice. */
  readonly fields?: readonly string[];
  /** A reason is asked for, and handed to `act`. */
  readonly asksReason?: boolean;
  readonly act: (reason: string) => Promise<Done>;
  /** Said when it is done. */
  readonly said: string | ((done: Done) => string);
  readonly onClose: () => void;
  readonly children?: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** One act of an operator: what it does, why, and what was wrong with it. What pages show is read again after it. */
export function ActDialog<Done>({
  title,
  effect,
  action,
  isDanger = false,
  isHeld = false,
  typedName,
  fields = [],
  asksReason = true,
  act,
  said,
  onClose,
  children,
}: ActDialogProps<Done>) {
  const texts = useTexts(actTexts);
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => act(reason),
    onSuccess: async (done) => {
      say(typeof said === 'string' ? said : said(done));
      onClose();
      await queries.invalidateQueries({ queryKey: ['admin'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const errorOf = fieldErrors(error);
  const mustWait = isHeld || isPending || (typedName !== undefined && typed !== typedName);
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <p>{effect}</p>
          <FormFailure error={error} fields={[...fields, ...(asksReason ? ['reason'] : [])]} />
          {children?.(errorOf)}
          {asksReason && (
            <Field
              label={texts.reason}
              hint={texts.reasonHint}
              value={reason}
              error={errorOf('reason')}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
          {typedName !== undefined && (
            <Field
              label={texts.typed(typedName)}
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </div>
        <div className="dialog-foot">
          <button className="button" type="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button className={`button primary${isDanger ? ' danger' : ''}`} type="submit" disabled={mustWait}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
