import type { KeptToken, TokenStore } from '../../../src/relay/upstreams/tokens/access-tokens.js';

/** Tokens as several processes keep them together. */
export class KeptTokens implements TokenStore {
  readonly kept = new Map<string, KeptToken>();
  /** The next one cannot be kept. */
  isAway = false;
  private last: Promise<unknown> = Promise.resolve();

  alone: TokenStore['alone'] = ({ channelId, keyId }, work) => {
    const id = `${channelId}/${keyId}`;
    const done = this.last.then(() =>
      work({
        kept: this.kept.get(id),
        asks: () => Promise.resolve(),
        keep: async (token) => {
          if (this.isAway) throw new Error('the database is away');
          this.kept.set(id, token);
        },
      }),
    );
    this.last = done.catch(() => undefined);
    return done;
  };
}
