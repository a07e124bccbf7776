import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ReceiverAddress } from '../../../../commands/alert/ports.js';
import {
  type AlertKind,
  alertKinds,
  type AlertReceiver,
  type AlertTerms,
  receiverName,
  ruleOf,
} from '../../../../domain/setting/alerts.js';
import { settingsInForce } from '../../../../domain/setting/settings.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, type FailureRow, projected } from '../../../endpoint.js';
import { HttpFailure, invalidRequest } from '../../../failure.js';
import { text } from '../../../fields.js';
import { complaints } from '../../../validation.js';
import { receiver, receiverShape, rule } from './schema.js';

const SECRET_BYTES = 24;

export const noReceiver: FailureRow = [404, 'receiver_not_found', '没有该通知渠道'];
export const receiverNotFound = () =>
  new HttpFailure({
    status: 404,
    code: 'receiver_not_found',
    text: { zh: noReceiver[2], en: 'Nobody of this name is told' },
  });

export async function termsOf({ readModels, admin }: AdminContext): Promise<AlertTerms> {
  return settingsInForce(await readModels.settings(), admin.defaultSettings).alerts;
}

const ofAlerts = { area: 'admin', access: 'alerts:write' } as const;

/** The whole setting again, with one thing changed: an event of its own says who changed what. */
async function change(context: AdminContext, next: AlertTerms): Promise<void> {
  const { position } = accepted(
    await context.commands.changeSetting({ key: 'alerts', value: next }, context.meta),
  );
  await projected(context, position);
}

/** What is there of it in the settings; where there is no address any more, it says so. */
export async function presentReceiver(
  { admin }: Pick<AdminContext, 'admin'>,
  name: string,
  said: AlertReceiver,
  secret: string | null = null,
) {
  const address = await admin.alerts.addresses.find(name);
  return { name, ...said, address: address ? shown(address) : null, webhook_secret: secret };
}

/** Enough to know it by: anybody who reads alerts sees it. */
const shown = (address: ReceiverAddress): string =>
  address.kind === 'webhook'
    ? new URL(address.url).host
    : address.to.replace(/^(.).*(?=@)/, (_, first: string) => `${first}…`);

const changeRule = endpoint({
  ...ofAlerts,
  method: 'put',
  path: '/alerts/rules/{kind}',
  operationId: 'adminChangeAlertRule',
  summary: 'Say whether, and from when on, something is told of',
  description:
    'A figure is told of when it reaches `raise_at`, and is over when it is back at `resolve_at`: what lies between is told of to nobody. What is not told of is seen here all the same.',
  input: z.object({
    kind: z.enum(alertKinds as [AlertKind, ...AlertKind[]]),
    told: z.boolean(),
    raise_at: z.int().optional(),
    resolve_at: z.int().optional(),
  }),
  data: rule,
  refusals: ['setting_invalid'],
  example: {
    request: { told: true, raise_at: 120, resolve_at: 30 },
    data: { kind: 'tables-behind', severity: 'critical', told: true, raise_at: 120, resolve_at: 30 },
  },
  handle: async ({ kind, told, raise_at, resolve_at }, context) => {
    const terms = await termsOf(context);
    const said = {
      told,
      ...(raise_at !== undefined && { raise_at }),
      ...(resolve_at !== undefined && { resolve_at }),
    };
    await change(context, { ...terms, rules: { ...terms.rules, [kind]: said } });
    return { data: presentRule(await termsOf(context), kind) };
  },
});

export function presentRule(terms: AlertTerms, kind: AlertKind) {
  const { raise_at = null, resolve_at = null, ...said } = ruleOf(terms, kind);
  return { ...said, raise_at, resolve_at };
}

const receiverInput = z.object({
  name: receiverName.meta({ description: 'small letters, digits and hyphens; not `log`' }),
  ...receiverShape,
  address: text(1, 500)
    .meta({ description: 'of mail, or of a webhook; absent: as it is. It is kept sealed' })
    .optional(),
  language: z.enum(['zh', 'en']).default('zh').meta({ description: 'of mails' }),
  new_secret: z.boolean().default(false).meta({ description: 'a webhook is signed with another secret' }),
});

const saveReceiver = endpoint({
  ...ofAlerts,
  method: 'put',
  path: '/alerts/receivers/{name}',
  operationId: 'adminSaveAlertReceiver',
  summary: 'Say who is told of alerts',
  description:
    'By mail, or by a webhook whose body is signed as those of users are (`Counterfoil-Signature`). The secret is in the answer that made it.',
  input: receiverInput,
  data: receiver,
  refusals: ['setting_invalid'],
  example: {
    request: {
      kind: 'webhook',
      least: 'critical',
      on: true,
      address: 'https://hooks.example.com/counterfoil',
    },
    data: {
      name: 'on-call',
      kind: 'webhook',
      least: 'critical',
      on: true,
      address: 'hooks.example.com',
      webhook_secret: 'whsec_example',
    },
  },
  handle: async (input, context) => {
    const { name, kind, least, on } = input;
    const { addresses } = context.admin.alerts;
    const before = await addresses.find(name);
    const address = await addressOf(input, before, context);
    if (address !== before) await addresses.save(name, address);
    const terms = await termsOf(context);
    const said = { kind, least, on };
    await change(context, { ...terms, receivers: { ...terms.receivers, [name]: said } });
    const isNew =
      address.kind === 'webhook' && (before?.kind !== 'webhook' || before.secret !== address.secret);
    return { data: await presentReceiver(context, name, said, isNew ? address.secret : null) };
  },
});

/** Throws the 400 that says what is wrong with it. */
async function addressOf(
  { kind, address: given, language, new_secret }: z.output<typeof receiverInput>,
  before: ReceiverAddress | undefined,
  { admin }: AdminContext,
): Promise<ReceiverAddress> {
  if (kind === 'mail') {
    const to = given ?? (before?.kind === 'mail' ? before.to : undefined);
    if (to === undefined) throw invalidRequest([{ field: 'address', ...complaints.required }]);
    if (!z.email().safeParse(to).success) throw wrong('不是有效的邮箱地址', 'is not an e-mail address');
    return { kind, to, language };
  }
  const known = before?.kind === 'webhook' ? before : undefined;
  const url = given ?? known?.url;
  if (url === undefined) throw invalidRequest([{ field: 'address', ...complaints.required }]);
  if (!URL.canParse(url) || !(await admin.alerts.mayPost(url)))
    throw wrong('必须是 https，且不能是内网地址', 'must be https, and not at a private address');
  if (known && !new_secret) return known.url === url ? known : { ...known, url };
  return { kind, url, secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

const wrong = (zh: string, en: string) =>
  invalidRequest([{ field: 'address', rule: 'type', text: { zh, en } }]);

const forgetReceiver = endpoint({
  ...ofAlerts,
  method: 'delete',
  path: '/alerts/receivers/{name}',
  operationId: 'adminRemoveAlertReceiver',
  summary: 'Tell somebody of alerts no longer',
  description: 'Its address is forgotten.',
  input: z.object({ name: receiverName }),
  bodyOptional: true,
  data: z.object({}),
  refusals: ['setting_invalid'],
  failures: [noReceiver],
  example: { data: {} },
  handle: async ({ name }, context) => {
    const terms = await termsOf(context);
    if (!Object.hasOwn(terms.receivers, name)) throw receiverNotFound();
    const others = Object.entries(terms.receivers).filter(([each]) => each !== name);
    await change(context, { ...terms, receivers: Object.fromEntries(others) });
    await context.admin.alerts.addresses.forget(name);
    return { data: {} };
  },
});

export const alertRuleEndpoints: readonly BoundEndpoint[] = [changeRule, saveReceiver, forgetReceiver];
