import type { EventIn } from '../stored/event-in.js';
import type { serviceKeyEvents } from './events.js';

export type ServiceKeyEvent = EventIn<typeof serviceKeyEvents>;

/** `unrecorded`: preset by the environment, or made before keys were recorded. */
export type ServiceKeyState = 'unrecorded' | 'created' | 'revoked';

export function evolveServiceKey(_state: ServiceKeyState, { type }: ServiceKeyEvent): ServiceKeyState {
  return type === 'service-key-revoked' ? 'revoked' : 'created';
}
