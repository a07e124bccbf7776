import { z } from 'zod';
import type { Commands } from '../../../src/commands/commands.js';
import { messageId } from '../../../src/reactions/outbox/message.js';
import { reaction } from '../../../src/reactions/reaction.js';
import { commandReceiver, commandRoute } from '../../../src/reactions/receivers/command-receiver.js';

export const MEMBER = 'user-1';
export const BONUS = 1_000n;

/** Of each payment a stranger is told, and its account is given a bonus by a command of our own. */
export const bonus = reaction({
  name: 'bonus',
  handles: ['payment-credited'],
  react: ({ id, data }) =>
    ['tally', 'command'].map((receiver) => ({
      id: messageId('bonus', id, receiver),
      receiver,
      kind: 'give-bonus',
      payload: { member: MEMBER, quota: BONUS.toString(), payment: data.payment_id },
    })),
});

const payload = z.object({
  member: z.string(),
  quota: z.string().regex(/^\d+$/).transform(BigInt),
  payment: z.string(),
});

export const bonusCommands = ({ adjustBalance }: Pick<Commands, 'adjustBalance'>) =>
  commandReceiver({
    'give-bonus': commandRoute(payload, ({ member, quota, payment }, meta) =>
      adjustBalance(
        {
          externalUserId: member,
          adjustmentId: String(meta.idempotencyKey),
          quota,
          reason: `bonus of ${payment}`,
        },
        meta,
      ),
    ),
  });
