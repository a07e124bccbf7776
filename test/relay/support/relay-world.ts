import { upstreamTypes } from '../../../src/relay/upstreams/all.js';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Group, Price } from '../../../src/domain/pricing/price.js';
import { formatAccessKey } from '../../../src/domain/token/access-key.js';
import type { BudgetKey } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import type { CatalogueView } from '../../../src/projections/catalogue/view.js';
import type { ChangedSetting } from '../../../src/projections/setting/view.js';
import type { AccessKeyView } from '../../../src/projections/token/view.js';
import {
  defaultRelaySettings,
  type RelayDependencies,
  type RelayObserver,
  type RelaySettings,
} from '../../../src/relay/ports.js';
import { InProcessChannelState } from '../../../src/relay/channels/state/in-process-channel-state.js';
import type { AbortsPerMinute } from '../../../src/relay/limits/abort-limits.js';
import { CallLimits } from '../../../src/relay/limits/call-limits.js';
import { InProcessLimitCounters } from '../../../src/relay/limits/in-process-limit-counters.js';
import { createRelay } from '../../../src/relay/relay.js';
import { NO_LOGS } from '../../../src/projections/usage/log-row.js';
import { plainChannel } from '../../support/channel.js';
import { FakeKeptThings } from './fake-kept-things.js';
import { FakeSettlement } from './fake-settlement.js';

export const ACCOUNT = '6f1c1d2e-0000-4000-8000-000000000001';
export const KEY = formatAccessKey(new Uint8Array(32).fill(1));

export function price(model: string, more: Partial<Price> = {}): Price {
  return {
    model,
    model_ratio: '1',
    completion_ratio: '1',
    cache_ratio: '0.5',
    cache_write_ratio: '1.25',
    per_call_usd: null,
    max_output_tokens: 1_000,
    ...more,
  };
}

type ChannelOfView = CatalogueView['channels'][number];

export function channel(
  id: string,
  baseUrl: string,
  more: Partial<ChannelOfView['settings']> = {},
): ChannelOfView {
  return {
    channelId: id,
    enabled: true,
    disabled: null,
    settings: {
      name: id,
      base_url: baseUrl,
      ...plainChannel,
      keys: [{ id: 'key-1', sealed: sealedText(`upstream-key-${id}`), disabled: null }],
      models: ['gpt-test'],
      test_model: null,
      ...more,
    },
  };
}

const sealedText = (text: string) => ({ key_id: 'master', box: Buffer.from(text).toString('base64') });

export interface WorldOptions {
  readonly channels: readonly ChannelOfView[];
  readonly prices?: readonly Price[];
  readonly groups?: readonly Group[];
  readonly balance?: bigint;
  readonly settings?: Partial<RelaySettings>;
  readonly limits?: Partial<AccessKeyView['limits']>;
  readonly abortsPerMinute?: AbortsPerMinute;
  readonly dependencies?: Partial<RelayDependencies>;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** A relay on a socket, with the in-process cached balance and a settlement that remembers; one account, one key. */
export async function startWorld(options: WorldOptions) {
  const balances = new Map<BudgetKey, bigint>([[`account:${ACCOUNT}`, options.balance ?? 10_000_000n]]);
  const balance = new InProcessCachedBalance({});
  const settlement = new FakeSettlement(balance, balances);
  const key: AccessKeyView = {
    tokenId: 1,
    accountId: ACCOUNT,
    tokenName: 'test',
    keyMask: 'sk-t…ey-1',
    disabled: false,
    limits: {
      expires_at: null,
      quota_limit: null,
      models: [],
      allow_ips: [],
      group: null,
      ...options.limits,
    },
    usedQuota: 0n,
    revoked: false,
    userId: 1,
    accountGroup: 'default',
    accountSuspended: false,
    accountErased: false,
    tokenRevision: 0n,
    accountRevision: 0n,
  };
  if (key.limits.quota_limit !== null) balances.set('token:1', key.limits.quota_limit);
  const state = {
    keys: new Map([[`hash:${KEY}`, key]]),
    catalogue: {
      priceVersion: 3,
      prices: options.prices ?? [price('gpt-test')],
      groups: options.groups ?? [{ name: 'default', ratio: '1' }],
      channels: options.channels,
    } as CatalogueView,
    settings: [] as ChangedSetting[],
    keyReads: 0,
    /** Where clients seem to be; undefined: where their connections come from. */
    address: undefined as string | undefined,
  };
  const revisionOf = (budget: BudgetKey) => {
    const [view] = [...state.keys.values()];
    if (budget.startsWith('team:')) return view?.team?.teamRevision ?? 0n;
    return (budget.startsWith('token:') ? view?.tokenRevision : view?.accountRevision) ?? 0n;
  };
  const observed = {
    ends: [] as Parameters<RelayObserver['callEnded']>[0][],
    faults: [] as unknown[],
    refused: [] as string[],
    upstream: [] as string[],
    answered: [] as string[],
    retired: [] as string[],
  };
  const limits = new CallLimits(
    new InProcessLimitCounters(() => performance.now()),
    (error) => observed.faults.push(['limits', error]),
    options.abortsPerMinute,
  );
  const kept = new FakeKeptThings();
  const openHolds = new Map<string, () => number>();
  const relay = createRelay({
    balance,
    loadBudgets: (budgets) =>
      balance.load(
        budgets.map((budget) => ({
          budget,
          balance: balances.get(budget) ?? 0n,
          position: 1n,
          revision: revisionOf(budget),
        })),
      ),
    readModels: {
      accessKey: async (hash) => {
        state.keyReads++;
        return state.keys.get(hash);
      },
      catalogue: async () => state.catalogue,
      settings: async () => state.settings,
    },
    wallets: {
      waitForSettled: async () => undefined,
      wallet: async () => undefined,
      call: async () => undefined,
      logs: async () => NO_LOGS,
    },
    settlement,
    limits,
    kept,
    holds: {
      add: (hold, delivered) => openHolds.set(hold.holdId, delivered),
      settled: (holdId) => openHolds.delete(holdId),
      forget: (holdId) => openHolds.delete(holdId),
    },
    hashKey: (accessKey) => `hash:${accessKey}`,
    upstreamTypes,
    openSecret: (sealed) => Buffer.from(sealed.box, 'base64').toString(),
    observer: {
      callEnded: (end) => observed.ends.push(end),
      charged: () => undefined,
      usageRefused: ({ detail }) => observed.refused.push(detail),
      upstreamAnswered: ({ channelId }) => observed.answered.push(channelId),
      upstreamFailed: ({ channelId, reason }) => observed.upstream.push(`${channelId} ${reason}`),
      fault: (where, error) => observed.faults.push([where, error]),
    },
    channelState: new InProcessChannelState(() => performance.now()),
    disableKey: async ({ channelId, keyId, reason }) => {
      observed.retired.push(`${channelId}/${keyId} ${reason}`);
    },
    now: Date.now,
    newCallId: randomUUID,
    draw: () => 0,
    ...options.dependencies,
    settings: { ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8', '::1'], ...options.settings },
  });
  await relay.start();
  let requests = 0;
  // As in the service: a client that was held up finds its connection open.
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    const address = state.address ?? request.socket.remoteAddress;
    void relay.handle(request, response, `req-${++requests}`, address);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    relay,
    balance,
    balances,
    settlement,
    kept,
    state,
    observed,
    openHolds,
    /** Quota held of the account now. */
    held: async () => (await balance.view(`account:${ACCOUNT}`))?.held ?? 0n,
    async close() {
      await relay.drain(1_000);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await relay.close();
      await limits.close();
      await balance.close();
    },
  };
}

/** A chat call as a plain client makes it. */
export function chat(world: { url: string }, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    ...init,
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      ...(init.headers as object),
    },
  });
}

export const HELLO = { model: 'gpt-test', messages: [{ role: 'user', content: 'hello' }] };
