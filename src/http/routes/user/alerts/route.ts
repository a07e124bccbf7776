import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { UserAlertSettings, Webhook } from '../../../../commands/alert/ports.js';
import { emailOf } from '../../../../domain/account/profile.js';
import type { Receipt } from '../../../../reactions/outbox/receiver.js';
import type { UserContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow, ownAccount } from '../../../endpoint.js';
import { type FieldError, invalidRequest } from '../../../failure.js';
import type { OwnAlerts } from '../../../people/own-alerts.js';
import { seconds } from '../../../present.js';
import { suspendedRow } from '../failures.js';
import { alertsData, alertsInput, exampleAlerts, testData } from './schema.js';

const SHOWN_NOTICES = 20;
const SECRET_BYTES = 24;
const saved = { zh: '提醒已保存', en: 'Alerts saved' };
const tooManyMails: FailureRow = [429, 'too_many_mails', '邮件发送过于频繁，请稍后再试'];

const NOTHING: UserAlertSettings = {
  rules: { belowQuota: null, keyUse: false, unusualDay: false },
  byMail: true,
  language: 'zh',
  webhook: undefined,
};

async function present(context: UserContext, shownSecret: string | null) {
  const { reads, alerts } = ownAccount(context);
  const [settings = NOTHING, notices, account] = await Promise.all([
    alerts.find(),
    alerts.notices(SHOWN_NOTICES),
    reads.account(),
  ]);
  const { rules, byMail, webhook } = settings;
  return {
    below_quota: rules.belowQuota === null ? null : Number(rules.belowQuota),
    key_use: rules.keyUse,
    unusual_day: rules.unusualDay,
    by_mail: byMail,
    webhook_url: webhook?.url ?? null,
    webhook_secret: shownSecret,
    mail_to: emailOf(account.externalUserId, account.personal),
    notices: notices.map(({ alert, toldAt }) => ({ alert: { ...alert }, told_at: seconds(toldAt) })),
  };
}

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/alerts',
  access: 'person',
  operationId: 'showAlerts',
  summary: 'Show what you are told of, and what you were told',
  description: 'Each state is told of once, and again only after it was well over.',
  input: z.object({}),
  data: alertsData,
  refusals: ['account_not_found'],
  example: { data: exampleAlerts },
  handle: async (_, context) => ({ data: await present(context, null) }),
});

const save = endpoint({
  method: 'put',
  area: 'user',
  path: '/alerts',
  access: 'person',
  operationId: 'saveAlerts',
  summary: 'Say what you want to be told of',
  description:
    'What holds already is told of at once. Mails are in your language (`/self`), or else in that of this request. A webhook is asked by https alone, at addresses of the internet, with a body that is signed.',
  input: alertsInput,
  data: alertsData,
  messages: [saved],
  refusals: ['account_not_found'],
  failures: [suspendedRow],
  example: {
    request: { below_quota: 5000000, key_use: true, unusual_day: false, by_mail: true, webhook_url: null },
    data: exampleAlerts,
  },
  handle: async (input, context) => {
    const { alerts } = ownAccount(context);
    const before = (await alerts.find())?.webhook;
    const webhook = await webhookOf(alerts, input, before);
    await alerts.save({
      rules: {
        belowQuota: typeof input.below_quota === 'number' ? BigInt(input.below_quota) : null,
        keyUse: input.key_use,
        unusualDay: input.unusual_day,
      },
      byMail: input.by_mail,
      language: context.language,
      webhook,
    });
    const isNew = webhook !== undefined && webhook.secret !== before?.secret;
    return { message: saved, data: await present(context, isNew ? webhook.secret : null) };
  },
});

/** With the secret of before, unless there was none or another one is asked for. Throws a 400 for what may not be called. */
async function webhookOf(
  alerts: OwnAlerts,
  { webhook_url: url, new_secret: isAnother }: z.output<typeof alertsInput>,
  before: Webhook | undefined,
): Promise<Webhook | undefined> {
  if (url === undefined || url === null || url === '') return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw invalidRequest([noAddress]);
  if (!(await alerts.mayPost(url))) throw invalidRequest([notAllowed]);
  if (before && isAnother !== true) return { url, secret: before.secret };
  return { url, secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

const noAddress: FieldError = {
  field: 'webhook_url',
  rule: 'type',
  text: { zh: '不是有效的网址', en: 'is not an address of the web' },
};
const notAllowed: FieldError = {
  field: 'webhook_url',
  rule: 'type',
  text: { zh: '必须是 https，且不能是内网地址', en: 'must be https, and not at a private address' },
};

const test = endpoint({
  method: 'post',
  area: 'user',
  path: '/alerts/test',
  access: 'person',
  operationId: 'testAlerts',
  summary: 'Have a test sent to you',
  description: 'On each way that is saved. The webhook is asked at once; once a minute.',
  input: z.object({}),
  bodyOptional: true,
  data: testData,
  refusals: [],
  failures: [suspendedRow, tooManyMails],
  example: { data: { mail: { delivered: true, reason: null }, webhook: null } },
  handle: async (_, context) => {
    const { mail, webhook } = await ownAccount(context).alerts.test();
    return { data: { mail: outcomeOf(mail), webhook: outcomeOf(webhook) } };
  },
});

const outcomeOf = (receipt: Receipt | undefined) =>
  receipt
    ? { delivered: receipt.kind === 'delivered', reason: 'reason' in receipt ? receipt.reason : null }
    : null;

export const alertEndpoints: readonly BoundEndpoint[] = [show, save, test];
