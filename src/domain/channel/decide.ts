import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { z } from 'zod';
import {
  channelId as channelIdSchema,
  channelSettings,
  type ChannelSettings,
  channelEvents,
} from './events.js';
import { type ChannelEvent, type ChannelState, evolveChannel } from './state.js';

export type ChannelCommand =
  | {
      readonly type: 'configure';
      readonly channelId: string;
      /** With the sealed key of the state where the key is unchanged: sealing anew never gives the same box. */
      readonly settings: ChannelSettings;
      readonly enabled: boolean;
      readonly by: string;
    }
  | {
      readonly type: 'enable' | 'disable';
      readonly channelId: string;
      readonly reason: string;
      readonly by: string;
    };

function decide(command: ChannelCommand, state: ChannelState): Decision<ChannelEvent> {
  const { channelId: channel_id, by } = command;
  if (command.type !== 'configure') {
    if (!state) return refuse({ code: 'channel_not_found' });
    return accept(
      ...switched(command.type === 'enable', state.enabled, { ...command, reason: command.reason }),
    );
  }
  const fault =
    channelSettings.safeParse(command.settings).error ?? channelIdSchema.safeParse(channel_id).error;
  if (fault) return refuse({ code: 'channel_invalid', detail: z.prettifyError(fault) });
  const events: ChannelEvent[] = [];
  if (!state || canonical(state.settings) !== canonical(command.settings))
    events.push({ type: 'channel-configured.v1', data: { channel_id, settings: command.settings, by } });
  // A new channel says which it is, so that no reader needs a default.
  events.push(...switched(command.enabled, state?.enabled, { ...command, reason: 'configured' }));
  return accept(...events);
}

function switched(
  enabled: boolean,
  before: boolean | undefined,
  { channelId: channel_id, reason, by }: { channelId: string; reason: string; by: string },
): ChannelEvent[] {
  if (enabled === before) return [];
  if (enabled) return [{ type: 'channel-enabled.v1', data: { channel_id, by } }];
  return [{ type: 'channel-disabled.v1', data: { channel_id, reason, by } }];
}

/** Equal for equal settings whatever the order of their keys. */
function canonical(settings: ChannelSettings): string {
  const mapping = Object.entries(settings.model_mapping).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    Object.entries({ ...settings, model_mapping: mapping }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export const channelDecider: Decider<ChannelState, ChannelCommand, ChannelEvent> = {
  initialState: () => undefined,
  evolve: evolveChannel,
  decide,
  events: channelEvents,
};
