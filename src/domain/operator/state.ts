import type { EventIn } from '../stored/event-in.js';
import { type Factor, factorOf, isFactor } from '../login/state.js';
import type { operatorEvents } from './events.js';
import type { Role } from './roles.js';

export type OperatorEvent = EventIn<typeof operatorEvents>;

/** Undefined before the operator was created. */
export type OperatorState =
  | { readonly role: Role; readonly enabled: boolean; readonly factors: readonly Factor[] }
  | undefined;

export function evolveOperator(state: OperatorState, event: OperatorEvent): OperatorState {
  if (event.type === 'operator-created') return { role: event.data.role, enabled: true, factors: [] };
  if (!state) throw new Error(`${event.type} comes before the operator was created`);
  switch (event.type) {
    case 'operator-role-changed':
      return { ...state, role: event.data.role };
    case 'operator-disabled':
      return { ...state, enabled: false };
    case 'operator-enabled':
      return { ...state, enabled: true };
    case 'operator-password-changed':
      return state;
    case 'operator-second-factor-added':
      return { ...state, factors: [...state.factors, factorOf(event.data)] };
    case 'operator-second-factor-removed': {
      const removed = factorOf(event.data);
      return { ...state, factors: state.factors.filter((factor) => !isFactor(factor, removed)) };
    }
  }
}
