import { z } from 'zod';
import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { type Factor, isFactor, isFull } from '../login/state.js';
import { operatorEvents, operatorName } from './events.js';
import type { Role } from './roles.js';
import { evolveOperator, type OperatorEvent, type OperatorState } from './state.js';

export type OperatorCommand = { readonly name: string; readonly by: string } & (
  | { readonly type: 'create' | 'change-role'; readonly role: Role }
  | { readonly type: 'disable'; readonly reason: string }
  | { readonly type: 'enable' | 'change-password' }
  | { readonly type: 'change-factors'; readonly add: readonly Factor[]; readonly remove: readonly Factor[] }
);

function decide(command: OperatorCommand, state: OperatorState): Decision<OperatorEvent> {
  const { name, by } = command;
  const named = operatorName.safeParse(name);
  if (!named.success) return refuse({ code: 'operator_invalid', detail: z.prettifyError(named.error) });
  if (command.type === 'create') {
    if (state) return refuse({ code: 'operator_exists' });
    return accept({ type: 'operator-created', data: { name, role: command.role, by } });
  }
  if (!state) return refuse({ code: 'operator_not_found' });
  // So that there is always an admin left.
  if (by === `operator:${name}` && (command.type === 'change-role' || command.type === 'disable'))
    return refuse({ code: 'operator_self' });
  switch (command.type) {
    case 'change-role':
      if (state.role === command.role) return replay();
      return accept({ type: 'operator-role-changed', data: { name, role: command.role, by } });
    case 'disable':
      if (!state.enabled) return replay();
      return accept({ type: 'operator-disabled', data: { name, reason: command.reason, by } });
    case 'enable':
      return state.enabled ? replay() : accept({ type: 'operator-enabled', data: { name, by } });
    case 'change-password':
      return accept({ type: 'operator-password-changed', data: { name, by } });
    case 'change-factors': {
      const has = (factor: Factor) => state.factors.some((each) => isFactor(each, factor));
      const told = ({ kind, id }: Factor) => ({ name, factor: kind, factor_id: id, by });
      const events: OperatorEvent[] = [
        ...command.remove
          .filter(has)
          .map((factor) => ({ type: 'operator-second-factor-removed', data: told(factor) }) as const),
        ...command.add
          .filter((factor) => !has(factor))
          .map((factor) => ({ type: 'operator-second-factor-added', data: told(factor) }) as const),
      ];
      const addsPasskey = events.some(
        ({ type, data }) => type === 'operator-second-factor-added' && data.factor === 'passkey',
      );
      if (addsPasskey && isFull(state.factors)) return refuse({ code: 'too_many_passkeys' });
      return events.length === 0 ? replay() : accept(...events);
    }
  }
}

export const operatorDecider: Decider<OperatorState, OperatorCommand, OperatorEvent> = {
  initialState: () => undefined,
  evolve: evolveOperator,
  decide,
  events: operatorEvents,
};
