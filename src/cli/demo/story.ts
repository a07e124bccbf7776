import { z } from 'zod';
import type { Terminal } from '../output.js';
import type { DemoClient } from './client.js';
import { count, eventually, expect, numberedSteps, parse, type Step } from './steps.js';

/** Whose story it is, as the front end calls them. */
export const DEMO_USER = 'demo_user_001';
const user = DEMO_USER;
const payment = 'pi_3QDemo0000000000000001';
const model = 'gpt-4o-mini';

const balance = z.object({ data: z.looseObject({ current_quota: z.number(), current_balance: z.number() }) });
const synced = z.object({ data: z.looseObject({ user_id: z.number(), is_new_user: z.boolean() }) });
const token = z.object({ data: z.looseObject({ access_key: z.string(), token_id: z.number() }) });
const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});
const chunk = z.object({
  choices: z.array(z.object({ delta: z.looseObject({ content: z.string().nullish() }) })),
});
const stats = z.object({
  data: z.object({
    user_info: z.looseObject({
      current_balance: z.number(),
      used_quota: z.number(),
      total_requests: z.number(),
    }),
    model_usage: z.record(z.string(), z.looseObject({ requests: z.number(), quota: z.number() })),
  }),
});
const logs = z.object({
  data: z.object({
    logs: z.array(
      z.looseObject({
        time: z.string(),
        type: z.string(),
        model: z.string(),
        tokens: z.number(),
        spend: z.number(),
      }),
    ),
  }),
});

/** Plays one user's life against a running service and prints each step as a person reads it. Rejects when an answer is not as the contract says. */
export async function tellStory(client: DemoClient, terminal: Terminal): Promise<void> {
  const step = numberedSteps(terminal);
  await payOnce(client, step);
  await makeCalls(client, step, await getKey(client, step));
  await lookBack(client, step);
}

async function payOnce(client: DemoClient, step: Step): Promise<void> {
  const { user_id } = parse(
    synced,
    await client.frontEnd('POST', '/sync', {
      external_user_id: user,
      username: 'demo',
      email: 'demo@example.com',
    }),
  ).data;
  step('The front end syncs a user', `${user} is user ${user_id}`);

  const topup = { external_user_id: user, amount_usd: 68.49, payment_id: payment };
  const first = parse(balance, await client.frontEnd('POST', '/topup', topup)).data;
  step(
    'It posts a top-up of $68.49',
    `payment ${payment}: balance $${first.current_balance} = ${count(first.current_quota)} quota`,
  );

  const again = await client.frontEnd('POST', '/topup', topup);
  const second = parse(balance, again).data;
  expect(
    again.headers.get('idempotency-replayed') === 'true' && second.current_quota === first.current_quota,
    'the repeated top-up was not replayed',
  );
  step(
    'The same top-up arrives again',
    `same answer, Idempotency-Replayed: true, still $${second.current_balance}: credited once`,
  );
}

/** Answers the access key. */
async function getKey(client: DemoClient, step: Step): Promise<string> {
  const issued = parse(
    token,
    await client.frontEnd('POST', '/token', { external_user_id: user, token_name: 'demo key' }),
  ).data;
  step(
    'The user gets an access key',
    `token ${issued.token_id}: ${issued.access_key.slice(0, 6)}… (shown once, stored as a keyed hash)`,
  );
  return issued.access_key;
}

async function makeCalls(client: DemoClient, step: Step, accessKey: string): Promise<void> {
  const question = { model, messages: [{ role: 'user', content: 'Why is my balance what it is?' }] };
  const answered = await client.call(accessKey, question);
  const { choices, usage } = parse(completion, answered);
  step('A JSON call through the relay', [
    `${model}: "${choices[0]?.message.content ?? ''}"`,
    `${usage.prompt_tokens} + ${usage.completion_tokens} tokens, charged ${answered.headers.get('x-counterfoil-charge')} quota before the answer was sent`,
  ]);

  const streamed = await client.call(accessKey, { ...question, stream: true });
  const frames = streamed.body
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: ') && frame !== 'data: [DONE]');
  const text = frames
    .map((frame) => chunk.parse(JSON.parse(frame.slice(6))).choices[0]?.delta.content ?? '')
    .join('');
  step('A streamed call', [
    `${frames.length} frames: "${text}"`,
    'the charge was durable before the last frame',
  ]);
}

async function lookBack(client: DemoClient, step: Step): Promise<void> {
  const after = await eventually(async () => {
    const read = parse(stats, await client.frontEnd('GET', `/${user}/stats`)).data;
    return read.user_info.total_requests === 2 ? read : undefined;
  });
  step(
    'The statistics',
    `${after.user_info.total_requests} calls, ${after.user_info.used_quota} quota used, $${after.user_info.current_balance} left`,
  );

  const refund = {
    payment_id: payment,
    refund_id: 're_3QDemo0000000000000001',
    amount_usd: 8.49,
    reason: 'requested_by_customer',
  };
  const refunded = parse(balance, await client.frontEnd('POST', '/topup/refund', refund)).data;
  step('A refund of $8.49', `balance $${refunded.current_balance}`);

  const rows = parse(logs, await client.frontEnd('GET', `/${user}/logs`)).data.logs;
  step(
    'The log the user sees',
    rows.map(
      (row) =>
        `${row.time}  ${row.type.padEnd(8)}${row.model.padEnd(14)}${String(row.tokens).padStart(5)} tokens  ${money(row.spend)}`,
    ),
  );
}

/** Spends are multiples of 0.000002 USD; incoming money is negative in the contract and shown as it is. */
const money = (spend: number) => `${spend < 0 ? '+' : '-'}$${Math.abs(spend).toFixed(6)}`;
