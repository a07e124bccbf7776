import { z } from 'zod';

/** Names of receivers, which messages in the outbox have. */
export const [USER_MAIL, USER_WEBHOOK] = ['user-mail', 'user-webhook'] as const;

const whose = { account_id: z.string(), account: z.string(), at: z.string() };

/** What a message to an owner says; `test` is asked for. */
export const toldSchema = z.discriminatedUnion('kind', [
  z.object({ ...whose, kind: z.literal('test') }),
  z.object({ ...whose, kind: z.literal('balance'), balance: z.number(), below: z.number() }),
  z.object({
    ...whose,
    kind: z.literal('key'),
    token_id: z.number(),
    percent: z.number(),
    used: z.number(),
    limit: z.number(),
  }),
  z.object({
    ...whose,
    kind: z.literal('unusual-day'),
    day: z.string(),
    spent: z.number(),
    usual: z.number(),
  }),
]);

export type Told = z.output<typeof toldSchema>;
