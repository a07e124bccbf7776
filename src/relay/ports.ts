import { tmpdir } from 'node:os';
import type { CallSettings } from '../domain/setting/settings.js';
import type { BudgetKey, CachedBalance } from '../balance/cached-balance.js';
import type { ReadModels } from '../projections/read-models.js';
import type { RetirementDependencies } from './channels/retirement.js';
import type { ChannelOpenerOptions } from './channels/open-channels.js';
import type { BodyBudgetSettings } from './body-budget.js';
import type { ChannelState } from './channels/state/channel-state.js';
import type { TrafficSettings } from './channels/traffic.js';
import type { UpstreamFailure } from './upstreams/transport/exchange.js';
import type { UpstreamSettings } from './upstreams/transport/pools.js';
import type { KeptThings } from './kept/kept-things.js';
import type { CallLimits } from './limits/call-limits.js';
import type { UploadSettings } from './multipart/upload-store.js';
import type { Consumption, Settlement } from './settlement/settlement.js';
import type { WalletReads } from './dialects/wallet/key-holder.js';

/** The holds this process has open: their leases are kept alive, and after a loss of the cache they are registered again. */
export interface HoldRegistry {
  /** A hold was granted. `deliveredTokens` is asked at each heartbeat. */
  add(
    hold: {
      readonly holdId: string;
      readonly budgets: readonly BudgetKey[];
      readonly granted: bigint;
      readonly context: string;
    },
    deliveredTokens: () => number,
  ): void;
  /** The charge is durable; the hold is remembered until the projection has passed `position` (undefined: still in the spool). */
  settled(holdId: string, charge: bigint, position: bigint | undefined): void;
  /** The hold is this process's business no more: released, or left for the sweeper. */
  forget(holdId: string): void;
}

/** What happens in the relay, for metrics and logs. Called on the measured path: implementations only count. */
export interface RelayObserver {
  callEnded(call: {
    readonly requestId: string;
    readonly endpoint: string;
    readonly model: string | undefined;
    readonly streamed: boolean;
    readonly status: number;
    /** The error's code as the client saw it; undefined for an answer. */
    readonly code: string | undefined;
    readonly durationMs: number;
  }): void;
  charged(consumption: Consumption): void;
  /** A charge above its hold, or a usage that upstream reported and that cannot be true. */
  usageRefused(report: {
    readonly requestId: string;
    readonly channelId: string;
    readonly detail: string;
  }): void;
  upstreamFailed(failure: {
    readonly channelId: string;
    readonly reason: UpstreamFailure | 'bad-body' | `status-${number}`;
  }): void;
  /** An attempt was answered, also with a complaint about the request; `durationMs` to the head of the answer. */
  upstreamAnswered(answer: { readonly channelId: string; readonly durationMs: number }): void;
  /** Something that should not happen; `error` may go to the log, never to a client. */
  fault(where: string, error: unknown): void;
}

export interface RelaySettings extends UpstreamSettings, TrafficSettings, UploadSettings, BodyBudgetSettings {
  readonly maxRequestBytes: number;
  /** Of a body with files in it. */
  readonly maxUploadBytes: number;
  /** A request's body must have come by then. */
  readonly bodyTimeoutMs: number;
  /** A client that takes nothing for so long has gone. */
  readonly clientStallTimeoutMs: number;
  /** After the last finish upstream has so long for usage and `[DONE]`. */
  readonly tailTimeoutMs: number;
  readonly maxCallMs: number;
  /**
   * What a client pays that hangs up: the prompt, once upstream has the whole request, and what was delivered; or only what was delivered.
   */
  readonly abortCharge: 'prompt' | 'delivered';
  /** Calls at once in this process; more are refused, not queued. */
  readonly maxCallsInFlight: number;
  /** Channels, or keys of one, tried before a call is given up. */
  readonly maxAttempts: number;
  /** A call that is older is not sent a second time. */
  readonly retryWithinMs: number;
  /** In force until they are changed while the service runs. */
  readonly defaults: CallSettings;
  /** The fewest output tokens that are a useful answer. */
  readonly leastOutputTokens: number;
  /** Tokens that are held for a part of the prompt which cannot be seen: an earlier response, a file by its id, what a search finds. */
  readonly unseenPromptTokens: number;
  readonly catalogueRefreshMs: number;
  readonly accessKeyCacheSize: number;
  /** Work of the tokenizer for one call, where upstream reports no usage. */
  readonly countBudgetMs: number;
  /** How long upstream may take to count a prompt that nobody calls it with; 0: it is not asked. */
  readonly tokenCountTimeoutMs: number;
}

export const defaultRelaySettings: RelaySettings = {
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 60_000,
  answerTimeoutMs: 600_000,
  idleTimeoutMs: 60_000,
  maxConnections: 4_096,
  allowPrivate: [],
  ownOrigins: [],
  maxAnswerBytes: 32 * 1024 * 1024,
  maxRequestBytes: 16 * 1024 * 1024,
  maxUploadBytes: 64 * 1024 * 1024,
  bodyBudgetBytes: 512 * 1024 * 1024,
  bodyBudgetBytesPerKey: 128 * 1024 * 1024,
  uploadDirectory: tmpdir(),
  uploadMemoryBytes: 256 * 1024,
  uploadDiskBytes: 4 * 1024 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  clientStallTimeoutMs: 30_000,
  tailTimeoutMs: 10_000,
  maxCallMs: 3_600_000,
  abortCharge: 'prompt',
  maxCallsInFlight: 4_096,
  maxAttempts: 4,
  retryWithinMs: 120_000,
  channelCooldownMs: 1_000,
  channelCooldownMaxMs: 300_000,
  channelRefreshMs: 500,
  defaults: { hold_policy: 'clamp', limits: {} },
  leastOutputTokens: 16,
  unseenPromptTokens: 128_000,
  catalogueRefreshMs: 1_000,
  accessKeyCacheSize: 20_000,
  countBudgetMs: 500,
  tokenCountTimeoutMs: 2_000,
};

export interface RelayDependencies {
  readonly balance: Pick<CachedBalance, 'hold' | 'release' | 'checkGuards'>;
  /** Reads these budgets from the read models into the cache. */
  readonly loadBudgets: (budgets: readonly BudgetKey[]) => Promise<void>;
  readonly readModels: Pick<ReadModels, 'accessKey' | 'catalogue' | 'settings'>;
  readonly wallets: WalletReads;
  readonly settlement: Settlement;
  readonly holds: HoldRegistry;
  readonly limits: CallLimits;
  readonly kept: KeptThings;
  /** The keyed hash under which an access key is stored. */
  readonly hashKey: (accessKey: string) => string;
  readonly openSecret: ChannelOpenerOptions['openSecret'];
  readonly upstreamTypes: ChannelOpenerOptions['upstreamTypes'];
  readonly channelState: ChannelState;
  readonly disableKey: RetirementDependencies['disableKey'];
  readonly observer: RelayObserver;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new uuid. */
  readonly newCallId: () => string;
  /** Number in [0, 1). */
  readonly draw: () => number;
  readonly settings: RelaySettings;
}
