import type { ChannelAccess } from '../type.js';
import { type Grant, grantOf } from './grants.js';
import { type Asked, askForToken, type Given, TokenRefused } from './token-endpoint.js';

/** What is kept of a key's tokens for all processes: the refresh token that is good now, and the access token that came with it. */
export interface KeptToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** How long it was good when it was given. */
  readonly livesMs: number;
  readonly refreshToken: string | undefined;
  /** Of what it was given for; of another it is not shown. */
  readonly askedFor: string;
}

/** What one process at a time has. */
export interface TokenTurn {
  /** What was kept last. */
  readonly kept: KeptToken | undefined;
  /** Told before a refresh token is used: nobody else uses it until this turn has ended, whatever breaks meanwhile. */
  readonly asks: () => Promise<void>;
  /** What it is handed is durable when it resolves. */
  readonly keep: (token: KeptToken) => Promise<void>;
}

/** Where they are kept. */
export interface TokenStore {
  /** Does the work alone over all processes, for this key of this channel. */
  alone<Result>(
    key: Pick<ChannelAccess, 'channelId' | 'keyId'>,
    work: (turn: TokenTurn) => Promise<Result>,
  ): Promise<Result>;
}

export interface AccessTokensParts {
  readonly store: TokenStore;
  readonly ask: Asked;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** In [0, 1): spreads the renewals of several processes. */
  readonly draw: () => number;
  /** The key will never be given a token again. */
  readonly refused: (channel: ChannelAccess) => void;
}

/** A token, and the refresh token that was kept when it was asked for. */
interface Unkept {
  readonly token: KeptToken;
  readonly after: string | undefined;
}

interface Held {
  readonly token: KeptToken;
  readonly renewAtMs: number;
}

/** Before it expires; a token that lives shorter is renewed at half its life. */
const JITTER_MS = 20_000;
/** Of a renewal that failed: who calls meanwhile is told at once. */
const REST_MS = 5_000;
/** On its way to upstream a token must not expire. */
const LEAST_LEFT_MS = 5_000;

/**
 * The tokens that channels are shown in place of their keys. One process renews at a time, and what the endpoint gives is kept before it is
 * used: a refresh token that is used twice ends the whole family of them.
 */
export class AccessTokens {
  private readonly held = new Map<string, Held>();
  private readonly renewing = new Map<string, Promise<string>>();
  /** What upstream does not take any more, though it has not expired. */
  private readonly rejected = new Map<string, string>();
  /** What was given and could not be kept: the next renewal begins with that. */
  private readonly unkept = new Map<string, Unkept>();
  private readonly failed = new Map<string, { readonly error: Error; readonly untilMs: number }>();

  constructor(private readonly parts: AccessTokensParts) {}

  /** Upstream refused the token that it was last shown: the next is another. */
  reject({ channelId, keyId }: Pick<ChannelAccess, 'channelId' | 'keyId'>): void {
    const name = `${channelId}/${keyId}`;
    const held = this.held.get(name);
    if (!held) return;
    this.rejected.set(name, held.token.accessToken);
    this.held.delete(name);
  }

  /** @throws where no token can be had now; its text is for nobody, it may hold secrets */
  async tokenFor(channel: ChannelAccess): Promise<string> {
    const grant = grantOf(channel);
    const name = `${channel.channelId}/${channel.keyId}`;
    const nowMs = this.parts.now();
    const held = this.held.get(name);
    const isGood = held?.token.askedFor === grant.askedFor && held.token.expiresAtMs - LEAST_LEFT_MS > nowMs;
    if (held && isGood && nowMs < held.renewAtMs) return held.token.accessToken;
    const renewed = this.renew(name, channel, grant);
    if (!held || !isGood) return renewed;
    renewed.catch(() => undefined);
    return held.token.accessToken;
  }

  private renew(name: string, channel: ChannelAccess, grant: Grant): Promise<string> {
    const job = `${name} ${grant.askedFor}`;
    const failed = this.failed.get(job);
    if (failed && failed.untilMs > this.parts.now()) return Promise.reject(failed.error);
    let renewing = this.renewing.get(job);
    if (!renewing) {
      renewing = this.renewed(name, channel, grant)
        .catch((error: unknown) => {
          const known = error instanceof Error ? error : new Error('no token', { cause: error });
          this.failed.set(job, { error: known, untilMs: this.parts.now() + REST_MS });
          throw known;
        })
        .finally(() => this.renewing.delete(job));
      this.renewing.set(job, renewing);
    }
    return renewing;
  }

  private async renewed(name: string, channel: ChannelAccess, grant: Grant): Promise<string> {
    const { store, now } = this.parts;
    const token = await store.alone(channel, async ({ kept: before, asks, keep }) => {
      const kept = (await this.keepUnkept(name, before, keep)) ?? before;
      // Another process was quicker.
      if (kept && this.isFresh(name, kept, grant)) return kept;
      if (grant.spends) await asks();
      const given = await this.given(channel, grant, kept?.refreshToken);
      const fresh = {
        accessToken: given.accessToken,
        expiresAtMs: now() + given.livesMs,
        refreshToken: given.refreshToken ?? kept?.refreshToken,
        livesMs: given.livesMs,
        askedFor: grant.askedFor,
      };
      this.unkept.set(name, { token: fresh, after: kept?.refreshToken });
      await keep(fresh);
      this.unkept.delete(name);
      return fresh;
    });
    this.held.set(name, { token, renewAtMs: this.renewAtMs(token, grant) });
    return token.accessToken;
  }

  /** Not where another process was given one since: what that got is newer. */
  private async keepUnkept(
    name: string,
    before: KeptToken | undefined,
    keep: TokenTurn['keep'],
  ): Promise<KeptToken | undefined> {
    const unkept = this.unkept.get(name);
    const isNewest = unkept !== undefined && unkept.after === before?.refreshToken;
    if (isNewest) await keep(unkept.token);
    this.unkept.delete(name);
    return isNewest ? unkept.token : undefined;
  }

  private isFresh(name: string, kept: KeptToken, grant: Grant): boolean {
    if (kept.askedFor !== grant.askedFor || kept.accessToken === this.rejected.get(name)) return false;
    const leftMs = kept.expiresAtMs - this.parts.now();
    return leftMs > grant.renewBeforeMs + JITTER_MS || leftMs > kept.livesMs / 2;
  }

  private async given(
    channel: ChannelAccess,
    grant: Grant,
    refreshToken: string | undefined,
  ): Promise<Given> {
    try {
      return await askForToken(this.parts.ask, channel, grant, refreshToken, this.parts.now());
    } catch (error) {
      if (error instanceof TokenRefused) this.parts.refused(channel);
      throw error;
    }
  }

  private renewAtMs({ expiresAtMs, livesMs }: KeptToken, { renewBeforeMs }: Grant): number {
    const before = renewBeforeMs + this.parts.draw() * JITTER_MS;
    return expiresAtMs - Math.min(before, livesMs / 2);
  }
}
