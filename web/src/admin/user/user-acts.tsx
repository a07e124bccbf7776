import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { AdjustDialog } from './adjust-dialog.tsx';
import type { User } from './user-queries.ts';
import { userTexts } from './user.texts.ts';

type Act =
  | 'adjust'
  | 'group'
  | 'invite'
  | 'end-sessions'
  | 'clear-factors'
  | 'suspend'
  | 'reinstate'
  | 'erase';

/** What this operator may do with a user. */
export function UserActs({ user }: { readonly user: User }) {
  const texts = useTexts(userTexts);
  const may = useMay();
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const isErased = user.status === 'erased';
  const id = user.external_user_id;
  const signsInHere = id.startsWith('self-');
  const button = (which: Act, name: string, isDanger = false) => (
    <button className={`button${isDanger ? ' danger' : ''}`} type="button" onClick={() => setAct(which)}>
      {name}
    </button>
  );
  return (
    <>
      {may('users:adjust') && !isErased && button('adjust', texts.adjust)}
      {may('users:write') && !isErased && button('group', texts.changeGroup)}
      {may('users:write') && !isErased && signsInHere && button('invite', texts.inviteAgain)}
      {may('users:write') && !isErased && button('end-sessions', texts.endSessions)}
      {may('users:write') && !isErased && button('clear-factors', texts.clearFactors)}
      {may('users:write') && user.status === 'suspended' && button('reinstate', texts.reinstate)}
      {may('users:write') && user.status === 'enabled' && button('suspend', texts.suspend, true)}
      {may('users:erase') && !isErased && button('erase', texts.erase, true)}
      {act === 'adjust' && <AdjustDialog id={id} onClose={close} />}
      {act === 'group' && <GroupDialog id={id} group={user.group} onClose={close} />}
      {(act === 'suspend' || act === 'reinstate') && <StandingDialog id={id} act={act} onClose={close} />}
      {(act === 'invite' || act === 'end-sessions') && <SignInDialog id={id} act={act} onClose={close} />}
      {act === 'clear-factors' && <FactorsDialog id={id} onClose={close} />}
      {act === 'erase' && <EraseDialog id={id} onClose={close} />}
    </>
  );
}

interface OfUser {
  readonly id: string;
  readonly onClose: () => void;
}
const paramsOf = (id: string) => ({ path: { external_user_id: id } });

function StandingDialog({ id, act, onClose }: OfUser & { readonly act: 'suspend' | 'reinstate' }) {
  const texts = useTexts(userTexts);
  const isSuspension = act === 'suspend';
  return (
    <ActDialog
      title={texts[act]}
      effect={isSuspension ? texts.suspendEffect(id) : texts.reinstateEffect(id)}
      action={texts[act]}
      isDanger={isSuspension}
      act={(reason) =>
        answer(
          api.POST(`/api/admin/users/{external_user_id}/${act}`, { params: paramsOf(id), body: { reason } }),
        )
      }
      said={isSuspension ? texts.suspended : texts.reinstated}
      onClose={onClose}
    />
  );
}

/** What is done about how somebody signs in. */
function SignInDialog({ id, act, onClose }: OfUser & { readonly act: 'invite' | 'end-sessions' }) {
  const texts = useTexts(userTexts);
  const language = useLanguage();
  const isMail = act === 'invite';
  const params = paramsOf(id);
  return (
    <ActDialog
      title={isMail ? texts.inviteAgain : texts.endSessions}
      effect={isMail ? texts.inviteAgainEffect(id) : texts.endSessionsEffect(id)}
      action={isMail ? texts.inviteAgain : texts.endSessions}
      asksReason={false}
      act={async () => {
        if (isMail)
          await answer(
            api.POST('/api/admin/users/{external_user_id}/invite', { params, body: { language } }),
          );
        else await answer(api.POST('/api/admin/users/{external_user_id}/end-sessions', { params }));
      }}
      said={isMail ? texts.invitedAgain : texts.sessionsEnded}
      onClose={onClose}
    />
  );
}

/** For who has lost phone and codes. */
function FactorsDialog({ id, onClose }: OfUser) {
  const texts = useTexts(userTexts);
  const language = useLanguage();
  return (
    <ActDialog
      title={texts.clearFactors}
      effect={texts.clearFactorsEffect(id)}
      action={texts.clearFactors}
      isDanger
      act={(reason) =>
        answer(
          api.POST('/api/admin/users/{external_user_id}/clear-second-factor', {
            params: paramsOf(id),
            body: { reason, language },
          }),
        )
      }
      said={texts.factorsCleared}
      onClose={onClose}
    />
  );
}

function EraseDialog({ id, onClose }: OfUser) {
  const texts = useTexts(userTexts);
  return (
    <ActDialog
      title={texts.erase}
      effect={texts.eraseEffect(id)}
      action={texts.erase}
      isDanger
      typedName={id}
      act={(reason) =>
        answer(
          api.POST('/api/admin/users/{external_user_id}/erase', { params: paramsOf(id), body: { reason } }),
        )
      }
      said={texts.erased}
      onClose={onClose}
    />
  );
}

function GroupDialog({ id, group, onClose }: OfUser & { readonly group: string }) {
  const texts = useTexts(userTexts);
  const [chosen, setChosen] = useState(group);
  return (
    <ActDialog
      title={texts.changeGroup}
      effect={texts.groupEffect(id)}
      action={texts.changeGroup}
      asksReason={false}
      fields={['group']}
      act={() =>
        answer(
          api.POST('/api/admin/users/{external_user_id}/group', {
            params: paramsOf(id),
            body: { group: chosen },
          }),
        )
      }
      said={texts.groupChanged}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.newGroup}
          value={chosen}
          error={errorOf('group')}
          onChange={({ target }) => setChosen(target.value)}
        />
      )}
    </ActDialog>
  );
}
