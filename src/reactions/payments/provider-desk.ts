import { createHash, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { providerKinds } from '../../domain/provider/settings.js';
import type {
  Configured,
  NewRevision,
  OpenedRevision,
  ProviderDesk,
  ProviderStore,
  SelfTest,
} from './configuration.js';

export interface ProviderDeskParts {
  readonly store: ProviderStore;
  /** Where the service is reached. */
  readonly baseUrl: () => string;
  /** Ids that are somebody's already. */
  readonly taken: readonly string[];
  /** Asks our own address. */
  readonly visit: (url: string) => Promise<{ readonly status: number; readonly text: string } | undefined>;
  /** Whether its keys are keys. */
  readonly canBeMade: (revision: OpenedRevision) => boolean;
  readonly now: () => Date;
}

/** Without the stroke at its end: an address with two is another address to a provider. */
export const callbackBase = (baseUrl: string): string => baseUrl.replace(/\/+$/, '');
export const notifyUrlOf = (baseUrl: string, providerId: string): string =>
  `${callbackBase(baseUrl)}/api/payments/notify/${providerId}`;

/** What somebody who asks for it from outside must read: no proxy and no page for maintenance says it. */
const probeOf = (token: string): string =>
  `counterfoil ${createHash('sha256').update(`self-test ${token}`).digest('hex')}`;

export function createProviderDesk({
  store,
  baseUrl,
  taken,
  visit,
  canBeMade,
  now,
}: ProviderDeskParts): ProviderDesk {
  const listed = async (providerId: string) =>
    (await store.list()).find((provider) => provider.providerId === providerId);
  return {
    list: () => store.list(),
    notifyUrl: (providerId) => notifyUrlOf(baseUrl(), providerId),
    configure: async (wanted) => {
      if (taken.includes(wanted.providerId)) return faulty('provider_id', 'is taken');
      const [before] = await store.revisions(wanted.providerId);
      const checked = checkedAgainst(before, wanted);
      if ('faults' in checked) return { ok: false, faults: checked.faults };
      const next = { ...wanted, ...checked };
      if (!canBeMade({ ...next, revision: 0, configuredBy: wanted.by, configuredAt: now() }))
        return faulty('secrets', 'are no keys of the right kind');
      if (!before || isChanged(before, next)) await store.add(next, now());
      const provider = await listed(wanted.providerId);
      return provider ? { ok: true, provider } : faulty('provider_id', 'is gone');
    },
    enable: async (providerId, isEnabled) =>
      (await store.enable(providerId, isEnabled)) ? listed(providerId) : undefined,
    selfTest: async () => {
      const token = randomBytes(16).toString('hex');
      const url = `${callbackBase(baseUrl())}/api/payments/self-test/${token}`;
      return { url, ...verdictOn(await visit(url), probeOf(token)) };
    },
    probe: probeOf,
  };
}

const faulty = (field: string, message: string): Configured => ({ ok: false, faults: [{ field, message }] });

/** Secrets that are not given stay as they were, as long as they go where they went: another kind or another host is to be given them again. */
function checkedAgainst(
  before: OpenedRevision | undefined,
  { kind, settings, secrets }: NewRevision,
):
  | Pick<NewRevision, 'settings' | 'secrets'>
  | { readonly faults: readonly { field: string; message: string }[] } {
  const schema = providerKinds[kind];
  const readSettings = schema.settings.safeParse(settings);
  const isSame = before?.kind === kind && hostOf(before.settings) === hostOf(readSettings.data);
  const readSecrets = schema.secrets.safeParse({ ...(isSame && before.secrets), ...secrets });
  if (readSettings.success && readSecrets.success)
    return { settings: readSettings.data, secrets: { ...readSecrets.data } };
  return { faults: [...faultsOf('settings', readSettings.error), ...faultsOf('secrets', readSecrets.error)] };
}

/** Undefined for settings that are none. */
const hostOf = (settings: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  settings && new URL(String(settings['api_url'])).origin;

/** What a secret is like, and nothing of what was given. */
const faultsOf = (part: string, error: z.ZodError | undefined) =>
  (error?.issues ?? []).map(({ path, message }) => ({ field: [part, ...path].join('.'), message }));

const isChanged = (
  before: OpenedRevision,
  after: Pick<NewRevision, 'kind' | 'settings' | 'secrets'>,
): boolean => textOf(before) !== textOf(after);

const textOf = ({ kind, settings, secrets }: Pick<NewRevision, 'kind' | 'settings' | 'secrets'>): string =>
  JSON.stringify([kind, ...[settings, secrets].map((part) => Object.entries(part).sort())]);

function verdictOn(
  answer: { readonly status: number; readonly text: string } | undefined,
  expected: string,
): Omit<SelfTest, 'url'> {
  if (!answer) return { verdict: 'not-reached', status: null };
  const { status, text } = answer;
  if (status >= 300 && status < 400) return { verdict: 'redirected', status };
  return { verdict: status === 200 && text === expected ? 'reached' : 'other-answer', status };
}
