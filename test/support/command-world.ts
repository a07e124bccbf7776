import { randomBytes, randomUUID } from 'node:crypto';
import { createCommands } from '../../src/commands/create-commands.js';
import type { Commands } from '../../src/commands/commands.js';
import {
  CODE_GUESSES_MOST,
  type CodeGuesses,
  type CommandDependencies,
  type GuardRaise,
  type IssuedSecret,
} from '../../src/commands/handling/ports.js';
import type { DomainEvent, EventType } from '../../src/domain/events/catalogue.js';
import { decodeEvent } from '../../src/domain/events/codec.js';
import { ERASED_TEXT, formatSealedText, parseSealedText } from '../../src/domain/stored/person-text.js';
import type { PersonalData } from '../../src/domain/account/personal-data.js';
import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createKeyring } from '../../src/support/keyring.js';
import { opened } from '../../src/support/opened.js';
import type { PersonalDataVault } from '../../src/support/personal-data-vault.js';

/** The write side on a log in memory, with every port in memory too. */
export interface CommandWorld {
  readonly commands: Commands;
  readonly dependencies: CommandDependencies;
  readonly store: EventStore;
  readonly guards: Map<string, bigint>;
  readonly holds: Map<string, { accountId: string; quota: bigint; settledAt?: bigint }>;
  readonly clock: { now: Date };
  log(): Promise<readonly RecordedEvent[]>;
  /** With what people wrote readable, while there is a key to read it with. */
  events(...types: EventType[]): Promise<readonly DomainEvent[]>;
  balanceOf(accountId: string): Promise<bigint>;
}

const ORDER_ENDS: ReadonlySet<string> = new Set([
  'order-paid',
  'order-expired',
  'order-cancelled',
  'order-failed',
]);

/** The largest correction of one operator, in quota, where a test overrides it. */
export const ADJUST_ALONE = 1_000_000_000n;

/**
 * @param options.wrap puts something between the commands and the log
 * @param options.overrides replaces single dependencies
 */
export function createCommandWorld(
  options: {
    readonly wrap?: (store: EventStore) => EventStore;
    readonly overrides?: Partial<CommandDependencies>;
  } = {},
): CommandWorld {
  const clock = { now: new Date('2026-11-21T09:00:00Z') };
  const store = createMemoryEventStore({ now: () => clock.now });
  const log = async () => (await store.readAll({ after: BEFORE_FIRST, limit: 100_000 })).events;
  const guards = new Map<string, bigint>();
  const holds: CommandWorld['holds'] = new Map();
  const balanceOf = async (accountId: string) =>
    (await log()).reduce((sum, { type, data }) => sum + quotaOf(accountId, decodeEvent(type, data)), 0n);
  const dependencies: CommandDependencies = {
    store: options.wrap?.(store) ?? store,
    vault: createMemoryVault(),
    keyring: createKeyring(Buffer.alloc(32, 7)),
    ids: createCounters(),
    secrets: createMemorySecrets(clock),
    guards: { raiseGuards: async (raises) => raises.forEach((raise) => raiseGuard(guards, raise)) },
    reservations: createReservations(holds, balanceOf),
    adjustmentRequests: { add: () => Promise.resolve(), remove: () => Promise.resolve() },
    adjustAlone: undefined,
    givesGrants: true,
    makesCodes: true,
    bindsReferrals: true,
    codeOf: async (codeHash) => {
      const filled = (await log())
        .map(({ type, data }) => decodeEvent(type, data))
        .find((event) => event.type === 'code-batch-filled' && event.data.hashes.includes(codeHash));
      return filled?.type === 'code-batch-filled'
        ? { batchId: filled.data.batch_id, inTables: undefined }
        : undefined;
    },
    codeGuesses: createMemoryGuesses(),
    sellsPlans: true,
    hasTeams: true,
    booksCash: true,
    timezone: 'Asia/Shanghai',
    leftOfGrant: async (grantId) =>
      (await log()).reduce<{ left: bigint; withdrawn: bigint } | undefined>((grant, { type, data }) => {
        const event = decodeEvent(type, data);
        if (!('grant_id' in event.data) || event.data.grant_id !== grantId) return grant;
        if (event.type === 'grant-given') return { left: event.data.quota, withdrawn: 0n };
        if (!grant || event.type !== 'grant-withdrawn') return grant;
        const { quota } = event.data;
        return { left: grant.left - quota, withdrawn: grant.withdrawn + quota };
      }, undefined),
    balanceOf,
    tokensOf: async (accountId) =>
      (await log())
        .map(({ type, data }) => decodeEvent(type, data))
        .flatMap((event) =>
          event.type === 'token-issued' && event.data.account_id === accountId ? [event.data.token_id] : [],
        ),
    ordersPaidBy: async (payment) =>
      (await log())
        .map(({ type, data }) => decodeEvent(type, data))
        .flatMap((event) =>
          event.type === 'order-paid' && event.data.provider_payment === payment ? [event.data.order_id] : [],
        ),
    orderSlots: {
      take: async ({ accountId, now, openMost, hourlyMost }) => {
        const since = new Date(now.getTime() - 3_600_000);
        const events = (await log()).map((each) => ({ ...each, event: decodeEvent(each.type, each.data) }));
        const placed = events.filter(
          ({ event }) => event.type === 'order-placed' && event.data.account_id === accountId,
        );
        const isOver = (stream: string) =>
          events.some((each) => each.stream === stream && ORDER_ENDS.has(each.event.type));
        if (placed.filter(({ stream }) => !isOver(stream)).length >= openMost) return 'open-most';
        return placed.filter(({ recordedAt }) => recordedAt > since).length >= hourlyMost
          ? 'hourly-most'
          : 'taken';
      },
    },
    now: () => clock.now,
    newId: randomUUID,
    randomBytes,
    timings: { deadlineMs: 2_000, unavailableAttempts: 3, baseDelayMs: 0, maxDelayMs: 1 },
    claimGraceMs: 60_000,
    ...options.overrides,
  };
  return {
    commands: createCommands(dependencies),
    dependencies,
    store,
    guards,
    holds,
    clock,
    log,
    events: async (...types) =>
      opened(
        dependencies.vault.openTexts,
        (await log())
          .map(({ type, data }) => decodeEvent(type, data))
          .filter(({ type }) => types.length === 0 || types.includes(type)),
      ),
    balanceOf,
  };
}

function quotaOf(accountId: string, event: DomainEvent): bigint {
  if (!('account_id' in event.data) || event.data.account_id !== accountId) return 0n;
  if (event.type === 'payment-refunded' || event.type === 'payment-taken-back') return -event.data.quota;
  if (event.type === 'payment-refund-reversed' || event.type === 'grant-given') return event.data.quota;
  if (event.type === 'grant-expired' || event.type === 'grant-withdrawn') return -event.data.quota;
  return event.type === 'payment-credited' || event.type === 'balance-adjusted' ? event.data.quota : 0n;
}

function raiseGuard(guards: Map<string, bigint>, { key, revision }: GuardRaise): void {
  if (revision > (guards.get(key) ?? BEFORE_FIRST)) guards.set(key, revision);
}

function createMemoryVault(): PersonalDataVault {
  const boxes = new Map<string, PersonalData>();
  const erased = new Set<string>();
  return {
    seal: async (accountId, data) => {
      if (erased.has(accountId)) throw new Error('erased');
      const id = randomBytes(9).toString('base64');
      boxes.set(id, data);
      return { key_id: accountId, box: id };
    },
    sealText: async (accountId, text) => {
      if (text === '') return '';
      if (erased.has(accountId)) return ERASED_TEXT;
      return formatSealedText({ accountId, box: Buffer.from(text) });
    },
    openTexts: async (texts) =>
      new Map(
        texts.flatMap((text) => {
          const sealed = parseSealedText(text);
          if (!sealed) return [];
          return [[text, erased.has(sealed.accountId) ? '' : sealed.box.toString()]];
        }),
      ),
    open: async (sealed) => (erased.has(sealed.key_id) ? undefined : boxes.get(sealed.box)),
    erase: async (accountId) => void erased.add(accountId),
  };
}

function createCounters(): CommandDependencies['ids'] {
  let [userId, tokenId] = [0, 0];
  return { nextUserId: async () => ++userId, nextTokenId: async () => ++tokenId };
}

function createMemoryGuesses(): CodeGuesses {
  const guesses = new Map<string, readonly number[]>();
  const lately = (accountId: string, now: Date) =>
    (guesses.get(accountId) ?? []).filter((at) => at > now.getTime() - 3_600_000);
  return {
    areTooMany: async (accountId, now) => lately(accountId, now).length >= CODE_GUESSES_MOST,
    count: async (accountId, now) => {
      const before = lately(accountId, now);
      if (before.length >= CODE_GUESSES_MOST) return false;
      guesses.set(accountId, [...before, now.getTime()]);
      return true;
    },
  };
}

function createMemorySecrets(clock: { now: Date }): CommandDependencies['secrets'] {
  const kept = new Map<string, IssuedSecret & { until: number }>();
  const standing = (key: string) => {
    const secret = kept.get(key);
    return secret && secret.until > clock.now.getTime() ? secret : undefined;
  };
  return {
    find: async (key) => standing(key),
    keep: async (key, secret) => {
      const first = standing(key);
      if (!first) kept.set(key, { ...secret, until: clock.now.getTime() + 24 * 3600 * 1000 });
      return first ?? secret;
    },
  };
}

function createReservations(
  holds: CommandWorld['holds'],
  balanceOf: (accountId: string) => Promise<bigint>,
): CommandDependencies['reservations'] {
  return {
    reserve: async ({ accountId, holdId, quota }) => {
      const balance = await balanceOf(accountId);
      if (holds.has(holdId)) return { ok: true };
      const open = [...holds.values()].filter(
        (hold) => hold.accountId === accountId && hold.settledAt === undefined,
      );
      const available = open.reduce((rest, hold) => rest - hold.quota, balance);
      if (available < quota) return { ok: false, needed: quota, available };
      holds.set(holdId, { accountId, quota });
      return { ok: true };
    },
    settle: async ({ holdId, position }) => {
      const hold = holds.get(holdId);
      if (hold) hold.settledAt = position;
    },
    release: async (holdId) => void holds.delete(holdId),
    abandon: () => undefined,
  };
}
