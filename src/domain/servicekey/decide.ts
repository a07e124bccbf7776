import { accept, type Decider, type Decision, replay } from '../decider.js';
import { serviceKeyEvents } from './events.js';
import { evolveServiceKey, type ServiceKeyEvent, type ServiceKeyState } from './state.js';

export type ServiceKeyCommand =
  | {
      readonly type: 'create';
      readonly id: string;
      readonly name: string;
      readonly scopes: readonly string[];
      readonly returnOrigins: readonly string[];
      readonly by: string;
    }
  | { readonly type: 'revoke'; readonly id: string; readonly by: string };

function decide(command: ServiceKeyCommand, state: ServiceKeyState): Decision<ServiceKeyEvent> {
  const { id: service_key_id, by } = command;
  if (command.type === 'revoke') {
    if (state === 'revoked') return replay();
    return accept({ type: 'service-key-revoked', data: { service_key_id, by } });
  }
  if (state !== 'unrecorded') return replay();
  const { name, scopes, returnOrigins } = command;
  const data = { service_key_id, name, scopes: [...scopes], return_origins: [...returnOrigins], by };
  return accept({ type: 'service-key-created', data });
}

export const serviceKeyDecider: Decider<ServiceKeyState, ServiceKeyCommand, ServiceKeyEvent> = {
  initialState: () => 'unrecorded',
  evolve: evolveServiceKey,
  decide,
  events: serviceKeyEvents,
};
