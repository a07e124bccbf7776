/**
 * What all processes know together of the channels: who is cooling down and for how long, how many calls a limited channel has, how
 * fast it answers, and who does what only one may do. None of it is money: it may be lost at any time and then begins anew.
 *
 * A target is a text: a channel, one of its keys, or one of its models. Times are those of the store's clock; answers say how much is
 * left, so that no two clocks are compared. Every method rejects when the store is away.
 */
export interface ChannelState {
  /** Tells of calls that ended and, where the process has calls, of those that run; answers what is known by all. */
  exchange(samples: readonly Sample[], running?: RunningCalls): Promise<SharedView>;
  /** What only a person asks who looks at the channels. */
  figures(): Promise<Figures>;
  /** A channel's test model was asked; of each channel the last check is kept. */
  checked(check: Check): Promise<void>;
  /** What a provider said is left; of each channel the last is kept. */
  toldBalance(balance: ToldBalance): Promise<void>;
  /** A call to the target failed. While it is cooling down already, it does not count again. Answers how it stands now. */
  failed(target: string, cooling: Cooling): Promise<Failing>;
  /** A call to the target was answered: all is forgotten. */
  recovered(target: string): Promise<void>;
  /** The right to do what only one may do at a time: true for the first who asks within `leaseMs`. A probe ends it by failed or recovered. */
  lease(name: string, leaseMs: number): Promise<boolean>;
  /** Counts a call to a channel with limits. */
  enter(call: EnteringCall): Promise<Entry>;
  leave(channelId: string, callId: string): Promise<void>;
  /** Calls of this process go on; without that they count no more after their lease. */
  renew(calls: readonly { readonly channelId: string; readonly callId: string }[]): Promise<void>;
  close(): Promise<void>;
}

export interface Sample {
  readonly channelId: string;
  readonly answered: boolean;
  /** To the head of the answer, or to the failure. */
  readonly durationMs: number;
}

export interface Cooling {
  readonly reason: string;
  /** After the first failure that counts; doubled with each further one, up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** What upstream itself asked for; 0 for nothing. */
  readonly leastMs: number;
  /** Failures in a row that are let pass. */
  readonly spare: number;
  /** In [0, 1): spreads the ends of cooldowns over a quarter to either side. */
  readonly jitter: number;
}

export interface Failing {
  readonly target: string;
  /** In a row. */
  readonly failures: number;
  /** What is left of the cooldown; 0: it is over, and whoever has the lease `probe:<target>` may try. Undefined: it was let pass. */
  readonly backInMs: number | undefined;
  readonly reason: string;
}

export interface ResponseTimes {
  readonly channelId: string;
  readonly answered: number;
  readonly failed: number;
  /** Of answered calls; the latest count most. */
  readonly averageMs: number;
  readonly lastMs: number;
  readonly sinceLastMs: number;
}

/** Of one process. What it does not tell again is forgotten after CALL_LEASE_MS. */
export interface RunningCalls {
  readonly process: string;
  /** By channel; of those that have any. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What came of asking a channel's test model. */
export interface Check {
  readonly channelId: string;
  readonly keyId: string;
  /** As clients call it. */
  readonly model: string;
  /** `refused`: upstream works, and complains about the request. */
  readonly outcome: 'answered' | 'refused' | 'failed';
  /** Of upstream's answer; null: there was none. */
  readonly status: number | null;
  /** As of a failing target; null where it answered. */
  readonly reason: string | null;
  readonly durationMs: number;
  /** `schedule`, or the operator who asked. */
  readonly by: string;
}

/** What a provider said is left of a key's account; in its own currency, to be shown and not to be counted with. */
export interface ToldBalance {
  readonly channelId: string;
  readonly keyId: string;
  readonly amount: number;
  readonly currency: string;
}

export interface Figures {
  readonly running: readonly { readonly channelId: string; readonly calls: number }[];
  readonly checks: readonly (Check & { readonly sinceMs: number })[];
  readonly balances: readonly (ToldBalance & { readonly sinceMs: number })[];
  /** Of each channel that was called in the last `SLICES`; a slice without calls is not there. */
  readonly slices: readonly Slice[];
}

/** How the calls of a channel ended within `SLICE_MS`; which began at whole ones of the store's clock. */
export interface Slice {
  readonly channelId: string;
  /** 0: the one that runs. */
  readonly slicesAgo: number;
  readonly answered: number;
  readonly failed: number;
}

export interface SharedView {
  readonly failing: readonly Failing[];
  readonly times: readonly ResponseTimes[];
}

export interface EnteringCall {
  readonly channelId: string;
  readonly callId: string;
  readonly maxConcurrency: number | null;
  readonly maxCallsPerMinute: number | null;
}

export type Entry = 'entered' | 'full' | 'too-fast';

/** A call that is not renewed counts no more after so long: its process is dead. */
export const CALL_LEASE_MS = 30_000;
/** A failure is forgotten so long after its cooldown. */
export const FORGET_MS = 600_000;
/** Of failing targets; further ones are not remembered. Clients think of names of models, and each process reads all that fails. */
export const MAX_FAILING = 1_000;
/** What a channel did lately is kept by slices of time: of two hours, so that one sees when it began to fail. */
export const SLICE_MS = 300_000;
export const SLICES = 24;
/** Weight of the latest answer in the average. */
export const NEWEST_SHARE = 0.2;

/** The lease under which a target is tried after its cooldown. */
export const probeOf = (target: string): string => `probe:${target}`;
