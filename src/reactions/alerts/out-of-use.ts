import type { Message } from '../outbox/message.js';
import { messageId } from '../outbox/message.js';
import { reaction } from '../reaction.js';

/** A channel or a key of one that the ledger itself took out of use: somebody has to see to it. Not what people did. */
export const outOfUse = (receivers: readonly string[]) =>
  reaction({
    name: 'out-of-use',
    handles: ['channel-disabled', 'channel-key-disabled'],
    react(event): readonly Message[] {
      const { channel_id, reason, automatic } = event.data;
      if (!automatic) return [];
      const keyId = 'key_id' in event.data ? { key_id: event.data.key_id } : {};
      const kind = 'key_id' in event.data ? 'channel-key-out-of-use' : 'channel-out-of-use';
      return receivers.map((receiver) => ({
        id: messageId('out-of-use', event.id, receiver),
        receiver,
        kind,
        orderKey: `channel/${channel_id}`,
        payload: {
          severity: 'warning',
          channel: channel_id,
          // Not `key`: the log hides what is called so.
          ...keyId,
          reason,
          at: event.recordedAt.toISOString(),
        },
      }));
    },
  });
