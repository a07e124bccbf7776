import type { EventIn } from '../stored/event-in.js';
import type { operatorEvents } from './events.js';
import type { Role } from './roles.js';

export type OperatorEvent = EventIn<typeof operatorEvents>;

/** Undefined before the operator was created. */
export type OperatorState = { readonly role: Role; readonly enabled: boolean } | undefined;

export function evolveOperator(state: OperatorState, event: OperatorEvent): OperatorState {
  if (event.type === 'operator-created') return { role: event.data.role, enabled: true };
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
  }
}
