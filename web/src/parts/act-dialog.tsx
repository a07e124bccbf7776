import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldErrors } from '../api/failure.ts';
import { queryClient } from '../api/queries.ts';
import { Dialog } from './dialog.tsx';
import { FormFailure } from './failure.tsx';
import { Field } from './field.tsx';
import { say } from './toasts.tsx';
import { useTexts } from '../texts.ts';
import { actTexts } from './act.texts.ts';

export interface ActDialogProps<Done> {
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
  /** The beginning of the keys of queries that it makes old. */
  readonly refreshes: readonly string[];
  /** Said when it is done. */
  readonly said: string | ((done: Done) => string);
  readonly onClose: () => void;
  readonly children?: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** One act: what it does, why, and what was wrong with it. What pages show is read again after it. */
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
  refreshes,
  said,
  onClose,
  children,
}: ActDialogProps<Done>) {
  const texts = useTexts(actTexts);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => act(reason),
    onSuccess: async (done) => {
      say(typeof said === 'string' ? said : said(done));
      onClose();
      await queryClient.invalidateQueries({ queryKey: refreshes });
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
