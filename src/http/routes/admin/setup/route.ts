import { z } from 'zod';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { HttpFailure, ledgerUnavailable } from '../../../failure.js';
import { text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { auditor, present } from '../login/present.js';
import { loginInput, nothing, operatorData } from '../login/schema.js';

const closed: FailureRow = [403, 'setup_closed', '链接无效，或已有管理员'];

const state = endpoint({
  method: 'get',
  area: 'admin',
  path: '/setup',
  access: 'anybody',
  operationId: 'adminShowSetup',
  inDoubt: true,
  summary: 'Say whether there is an operator yet',
  description: 'While there is none, a start prints the address of the page that makes the first one.',
  input: nothing,
  data: z.object({
    open: z.boolean().meta({ description: 'nobody can log in yet' }),
    timezone: z.string().meta({ description: 'in which days begin (`LEDGER_TIMEZONE`)' }),
  }),
  refusals: [],
  example: { data: { open: true, timezone: 'Asia/Shanghai' } },
  handle: async (_, { admin, settings }) => ({
    data: { open: await admin.setup.isOpen(), timezone: settings.timezone },
  }),
});

const begin = endpoint({
  method: 'post',
  area: 'admin',
  path: '/setup',
  access: 'anybody',
  operationId: 'adminSetup',
  summary: 'Make the first operator',
  description:
    'With the token of the address that a start prints; an admin, who is signed in with a cookie at once. Once there is an operator the token opens nothing any more.',
  input: z.object({ token: text(1, 200), ...loginInput.shape }),
  data: operatorData,
  refusals: ['operator_invalid', 'password_unfit'],
  failures: [closed],
  example: {
    request: { token: '9f86d081884c7d65…', name: 'alice', password: 'correct horse battery' },
    data: present({ ...auditor, role: 'admin' }),
  },
  handle: async ({ token, name, password }, { admin, address, agent, meta }) => {
    const outcome = await admin.setup.begin(token, { name, password }, meta);
    if (outcome.kind === 'unfit') throw refused(outcome.refusal);
    if (outcome.kind === 'busy') throw ledgerUnavailable();
    if (outcome.kind === 'refused') {
      const en = 'The link is not valid, or there is an operator already';
      throw new HttpFailure({ status: closed[0], code: closed[1], text: { zh: closed[2], en } });
    }
    const begun = await admin.auth.begin({ name, password, address }, agent);
    if ('ticket' in begun) throw new Error('who was made a moment ago has a second factor already');
    return { data: present(begun.operator), cookie: { kind: 'operator', secret: begun.secret } };
  },
});

const steps = ['channel', 'channel_tested', 'prices', 'user', 'payment', 'call', 'verified'] as const;

/** When the first operator was made, with whom all begins. */
async function begun({ admin }: AdminContext): Promise<string | null> {
  const made = (await admin.listOperators()).map(({ createdAt }) => createdAt.getTime());
  return made.length === 0 ? null : new Date(Math.min(...made)).toISOString();
}

async function done({ admin, readModels }: AdminContext): Promise<Record<(typeof steps)[number], boolean>> {
  const one = { before: undefined, limit: 1 };
  const [catalogue, reports, users, payments, calls, verified] = await Promise.all([
    readModels.catalogue(),
    admin.channelReports(),
    admin.reads.searchAccounts({}, { after: 0, limit: 1 }),
    admin.reads.newestPayments({}, one),
    admin.reads.history({ type: 'consume' }, one),
    admin.jobs.list({ type: 'verify', state: 'finished' }, { limit: 1 }),
  ]);
  const answered = new Set(
    reports.flatMap(({ channelId, times, check }) =>
      (times?.answered ?? 0) > 0 || check?.outcome === 'answered' ? [channelId] : [],
    ),
  );
  return {
    channel: catalogue.channels.some(({ enabled }) => enabled),
    // What processes know of channels may be forgotten with them; what was charged was answered.
    channel_tested: calls.length > 0 || catalogue.channels.some(({ channelId }) => answered.has(channelId)),
    prices: catalogue.priceVersion > 0,
    user: users.length > 0,
    payment: payments.length > 0,
    call: calls.length > 0,
    verified: verified.length > 0,
  };
}

const checklist = endpoint({
  method: 'get',
  area: 'admin',
  path: '/checklist',
  access: 'signed-in',
  operationId: 'adminShowChecklist',
  summary: 'Show what is done of what a new ledger needs',
  description:
    'A channel in use, one that answered, prices, a user, a payment, a call that was charged, books that were verified.',
  input: nothing,
  data: z.object({
    steps: z.array(z.object({ step: z.enum(steps), done: z.boolean() })),
    since: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'when the way began: when the first operator was made; null: not known yet' }),
  }),
  refusals: [],
  example: {
    data: {
      steps: steps.map((step, index) => ({ step, done: index < 3 })),
      since: '2026-11-28T01:00:00.000Z',
    },
  },
  handle: async (_, context) => {
    const [facts, since] = await Promise.all([done(context), begun(context)]);
    return { data: { steps: steps.map((step) => ({ step, done: facts[step] })), since } };
  },
});

export const setupEndpoints: readonly BoundEndpoint[] = [state, begin, checklist];
