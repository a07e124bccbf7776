import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { z } from 'zod';
import { channelEvents, channelId as channelIdSchema } from './events.js';
import { settingsFault } from './rules.js';
import { channelSettings, type ChannelSettings } from './settings.js';
import { type Channel, type ChannelEvent, type ChannelState, evolveChannel } from './state.js';

interface Switch {
  readonly channelId: string;
  readonly reason: string;
  /** The ledger itself found it. */
  readonly automatic: boolean;
  readonly by: string;
}

export type ChannelCommand =
  | {
      readonly type: 'configure';
      readonly channelId: string;
      /** With the sealed keys of the state where they are unchanged: sealing anew never gives the same box. */
      readonly settings: ChannelSettings;
      readonly enabled: boolean;
      readonly by: string;
    }
  | (Switch & { readonly type: 'enable' | 'disable' })
  | (Switch & { readonly type: 'enable-key' | 'disable-key'; readonly keyId: string });

function decide(command: ChannelCommand, state: ChannelState): Decision<ChannelEvent> {
  if (command.type === 'configure') return configure(command, state);
  if (!state) return refuse({ code: 'channel_not_found' });
  switch (command.type) {
    case 'enable':
      return enable(command, state);
    case 'disable':
      return accept(...disabled(command, state.disabled === null));
    case 'enable-key':
    case 'disable-key':
      return switchKey(command, state);
  }
}

function configure(
  { channelId: channel_id, settings, enabled, by }: Extract<ChannelCommand, { type: 'configure' }>,
  state: ChannelState,
): Decision<ChannelEvent> {
  const fault = channelSettings.safeParse(settings).error ?? channelIdSchema.safeParse(channel_id).error;
  const detail = fault ? z.prettifyError(fault) : settingsFault(settings);
  if (detail !== undefined) return refuse({ code: 'channel_invalid', detail });
  const events: ChannelEvent[] = [];
  const changed = !state || canonical(state.settings) !== canonical(settings);
  if (changed) events.push({ type: 'channel-configured', data: { channel_id, settings, by } });
  // A new channel says which it is, so that no reader needs a default.
  const usable = settings.keys.some((key) => key.disabled === null);
  if (!enabled || !usable) {
    const reason = enabled ? 'every key is switched off' : 'configured';
    const off = { channelId: channel_id, reason, automatic: false, by };
    events.push(...disabled(off, !state || state.disabled === null));
  } else if (!state || (state.disabled && (changed || !state.disabled.automatic))) {
    // What the ledger found unusable stays off when the same is said again: at a restart nothing about it has changed.
    events.push({ type: 'channel-enabled', data: { channel_id, by } });
  }
  return accept(...events);
}

/** A channel that comes back without a key in use tries again those that the ledger had switched off. */
function enable(
  { channelId: channel_id, by }: Switch,
  { settings, ...state }: Channel,
): Decision<ChannelEvent> {
  const events: ChannelEvent[] = [];
  if (!settings.keys.some((key) => key.disabled === null)) {
    const again = settings.keys.filter((key) => key.disabled?.automatic);
    if (again.length === 0) return refuse({ code: 'channel_invalid', detail: 'every key is switched off' });
    for (const { id: key_id } of again)
      events.push({ type: 'channel-key-enabled', data: { channel_id, key_id, by } });
  }
  if (state.disabled) events.push({ type: 'channel-enabled', data: { channel_id, by } });
  return accept(...events);
}

function disabled({ channelId: channel_id, reason, automatic, by }: Switch, inUse: boolean): ChannelEvent[] {
  return inUse ? [{ type: 'channel-disabled', data: { channel_id, reason, automatic, by } }] : [];
}

/** Without its last key a channel goes out of use, too: its models are on offer no more. */
function switchKey(
  command: Extract<ChannelCommand, { type: 'enable-key' | 'disable-key' }>,
  { settings, disabled: channelDisabled }: Channel,
): Decision<ChannelEvent> {
  const { channelId: channel_id, keyId: key_id, reason, automatic, by } = command;
  const key = settings.keys.find(({ id }) => id === key_id);
  if (!key) return refuse({ code: 'channel_not_found' });
  if (command.type === 'enable-key')
    return accept(
      ...(key.disabled ? [{ type: 'channel-key-enabled' as const, data: { channel_id, key_id, by } }] : []),
    );
  if (key.disabled) return accept();
  const others = settings.keys.some(({ id, disabled: off }) => id !== key_id && off === null);
  return accept(
    { type: 'channel-key-disabled', data: { channel_id, key_id, reason, automatic, by } },
    ...disabled(command, !others && channelDisabled === null),
  );
}

/** Equal for equal settings whatever the order of their members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export const channelDecider: Decider<ChannelState, ChannelCommand, ChannelEvent> = {
  initialState: () => undefined,
  evolve: evolveChannel,
  decide,
  events: channelEvents,
};
