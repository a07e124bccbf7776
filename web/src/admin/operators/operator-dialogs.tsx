import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { type Operator, type Role, roles } from './operator-queries.ts';
import { operatorsTexts } from './operators.texts.ts';

export type OperatorAct = 'role' | 'password' | 'factor' | 'disable' | 'enable';

const roleOptions = roles.map((role) => [role, role] as const);

/** A new operator, with a first password that they should change. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(operatorsTexts);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [password, setPassword] = useState('');
  return (
    <ActDialog
      title={texts.add}
      effect={texts.addEffect}
      action={texts.add}
      asksReason={false}
      fields={['name', 'role', 'password']}
      act={() => answer(api.POST('/api/admin/operators', { body: { name: name.trim(), role, password } }))}
      said={texts.added}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label={texts.name}
            value={name}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            error={errorOf('name')}
            onChange={({ target }) => setName(target.value)}
          />
          <Select
            label={texts.role}
            value={role}
            options={roleOptions}
            onChoose={(chosen) => setRole(chosen as Role)}
          />
          <Field
            label={texts.firstPassword}
            hint={texts.passwordHint}
            type="password"
            autoComplete="new-password"
            value={password}
            error={errorOf('password')}
            onChange={({ target }) => setPassword(target.value)}
          />
        </>
      )}
    </ActDialog>
  );
}

interface OperatorDialogProps {
  readonly operator: Operator;
  readonly act: OperatorAct;
  readonly onClose: () => void;
}

/** One act on an operator; it holds from their next request on. */
export function OperatorDialog({ operator: { name, role }, act, onClose }: OperatorDialogProps) {
  const texts = useTexts(operatorsTexts);
  const [chosen, setChosen] = useState(role);
  const [password, setPassword] = useState('');
  const params = { path: { name } };
  const change = (body: { role?: Role; enabled?: boolean; reason?: string }) =>
    answer(api.PATCH('/api/admin/operators/{name}', { params, body }));
  const send = (reason: string): Promise<unknown> => {
    if (act === 'role') return change({ role: chosen });
    if (act === 'password')
      return answer(api.POST('/api/admin/operators/{name}/password', { params, body: { password } }));
    if (act === 'factor') return answer(api.DELETE('/api/admin/operators/{name}/second-factor', { params }));
    return change({ enabled: act === 'enable', ...(act === 'disable' && { reason }) });
  };
  return (
    <ActDialog
      title={texts.acts[act]}
      effect={texts.effects[act](name)}
      action={texts.acts[act]}
      isDanger={act === 'disable' || act === 'factor'}
      asksReason={act === 'disable'}
      {...(act === 'disable' && { typedName: name })}
      fields={['role', 'password']}
      act={send}
      said={texts.done}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {act === 'role' && (
            <Select
              label={texts.role}
              value={chosen}
              options={roleOptions}
              onChoose={(next) => setChosen(next as Role)}
            />
          )}
          {act === 'password' && (
            <Field
              label={texts.newPassword}
              hint={texts.passwordHint}
              type="password"
              autoComplete="new-password"
              value={password}
              error={errorOf('password')}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </>
      )}
    </ActDialog>
  );
}
