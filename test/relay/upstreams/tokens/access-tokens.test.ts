import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ChannelSettings } from '../../../../src/domain/channel/settings.js';
import { defaultRelaySettings } from '../../../../src/relay/ports.js';
import { AccessTokens } from '../../../../src/relay/upstreams/tokens/access-tokens.js';
import { tokenAsker } from '../../../../src/relay/upstreams/tokens/asker.js';
import { UpstreamPools } from '../../../../src/relay/upstreams/transport/pools.js';
import { KeptTokens } from '../../support/kept-tokens.js';
import { channel } from '../../support/relay-world.js';
import { startTokenEndpoint, type TokenEndpoint } from '../../support/token-endpoint.js';

const REFRESHED = JSON.stringify({ refresh_token: 'refresh-0', client_secret: 'client-secret-test' });
const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8'], ownOrigins: [] });
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let endpoint: TokenEndpoint;
let store: KeptTokens;
let nowMs: number;
let refused: string[];

const access = (apiKey: string, more: Partial<ChannelSettings> = {}) => ({
  channelId: 'one',
  keyId: 'key-1',
  apiKey,
  proxyCredentials: undefined,
  settings: channel('one', 'https://up.example', {
    oauth: { token_url: endpoint.url, client_id: 'client-1', scopes: ['call', 'list'] },
    ...more,
  }).settings,
});
/** As one of several processes has them. */
const tokensOf = () =>
  new AccessTokens({
    store,
    ask: tokenAsker(pools),
    now: () => nowMs,
    draw: () => 0.5,
    refused: ({ channelId, keyId }) => refused.push(`${channelId}/${keyId}`),
  });

beforeEach(async () => {
  endpoint = await startTokenEndpoint('refresh-0', publicKey);
  store = new KeptTokens();
  nowMs = Date.UTC(2026, 10, 29);
  refused = [];
});
afterEach(() => endpoint.close());

describe('tokens of a channel', () => {
  it('are fetched once, and again a minute before they expire', async () => {
    const tokens = tokensOf();
    const one = access(REFRESHED);
    expect(await Promise.all([tokens.tokenFor(one), tokens.tokenFor(one)])).toEqual(['access-1', 'access-1']);
    expect(Object.fromEntries(endpoint.asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0',
      client_id: 'client-1',
      client_secret: 'client-secret-test',
      scope: 'call list',
    });
    nowMs += 3_500_000;
    expect(await tokens.tokenFor(one)).toBe('access-1');
    expect(endpoint.asked).toHaveLength(1);
    nowMs += 40_000;
    // Nobody waits for the next while this one is good.
    expect(await tokens.tokenFor(one)).toBe('access-1');
    nowMs += 70_000;
    expect(await tokens.tokenFor(one)).toBe('access-2');
    expect(endpoint.asked.map((form) => form.get('refresh_token'))).toEqual(['refresh-0', 'refresh-1']);
  });

  it('are fetched by one of three processes, whichever is first, and never with a token that was used', async () => {
    const processes = [tokensOf(), tokensOf(), tokensOf()];
    const one = access(REFRESHED);
    for (let round = 1; round <= 4; round++) {
      const shown = await Promise.all(processes.map((tokens) => tokens.tokenFor(one)));
      expect(shown).toEqual(Array(3).fill(`access-${round}`));
      expect(endpoint.asked).toHaveLength(round);
      nowMs += 3_600_000;
    }
    expect(refused).toEqual([]);
  });

  it('that a process was given when it could not keep them are kept before it asks again', async () => {
    const tokens = tokensOf();
    const one = access(REFRESHED);
    store.isAway = true;
    await expect(tokens.tokenFor(one)).rejects.toThrow('away');
    await expect(tokens.tokenFor(one)).rejects.toThrow('away');
    expect(endpoint.asked).toHaveLength(1);
    store.isAway = false;
    nowMs += 6_000;
    expect(await tokens.tokenFor(one)).toBe('access-1');
    expect(endpoint.asked).toHaveLength(1);
    expect(store.kept.get('one/key-1')).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('that could not be kept are not kept over those that another process was given since', async () => {
    const [tokens, other] = [tokensOf(), tokensOf()];
    const one = access(REFRESHED);
    await tokens.tokenFor(one);
    nowMs += 3_600_000;
    store.isAway = true;
    await expect(tokens.tokenFor(one)).rejects.toThrow('away');
    store.isAway = false;
    // As the endpoint's operator gave the other one, by whatever way.
    store.kept.set('one/key-1', {
      ...{ accessToken: 'newer', refreshToken: 'refresh-newer', livesMs: 3_600_000 },
      ...{ expiresAtMs: nowMs + 3_600_000, askedFor: store.kept.get('one/key-1')?.askedFor ?? '' },
    });
    nowMs += 6_000;
    expect(await tokens.tokenFor(one)).toBe('newer');
    expect(await other.tokenFor(one)).toBe('newer');
  });

  it('take a key out of use that will never be given one again, and no other', async () => {
    const tokens = tokensOf();
    const one = access(REFRESHED);
    endpoint.refuses = { status: 503, error: 'temporarily_unavailable' };
    await expect(tokens.tokenFor(one)).rejects.toThrow('503');
    expect(refused).toEqual([]);
    // Who calls meanwhile does not ask again.
    await expect(tokens.tokenFor(one)).rejects.toThrow('503');
    expect(endpoint.asked).toHaveLength(1);
    endpoint.refuses = { status: 400, error: 'invalid_grant' };
    nowMs += 6_000;
    await expect(tokens.tokenFor(one)).rejects.toThrow('refuses');
    expect(refused).toEqual(['one/key-1']);
  });

  it('are others after upstream refused one', async () => {
    const tokens = tokensOf();
    const one = access(REFRESHED);
    await tokens.tokenFor(one);
    tokens.reject(one);
    expect(await tokens.tokenFor(one)).toBe('access-2');
  });

  it('are others where others are asked for, of the same refresh token', async () => {
    const tokens = tokensOf();
    await tokens.tokenFor(access(REFRESHED));
    const oauth = { token_url: endpoint.url, client_id: 'client-1', scopes: ['more'] };
    expect(await tokens.tokenFor(access(REFRESHED, { oauth }))).toBe('access-2');
    expect(endpoint.asked[1]?.get('refresh_token')).toBe('refresh-1');
  });

  it('are fetched with a client’s secret alone', async () => {
    const one = access(JSON.stringify({ client_secret: 'client-secret-test' }));
    expect(await tokensOf().tokenFor(one)).toBe('access-1');
    expect(endpoint.asked[0]?.get('grant_type')).toBe('client_credentials');
  });

  it('of a service account are fetched with what it signs, ten minutes before they expire', async () => {
    const account = {
      type: 'service_account',
      client_email: 'relay@project.iam.example.com',
      private_key: privateKey,
      private_key_id: 'kid-1',
      token_uri: 'https://elsewhere.example.com/token',
    };
    const oauth = { token_url: endpoint.url, client_id: '', scopes: [] };
    const one = access(JSON.stringify(account), { oauth });
    const tokens = tokensOf();
    nowMs = Date.now();
    expect(await tokens.tokenFor(one)).toBe('access-1');
    const assertion = endpoint.asked[0]?.get('assertion') ?? '';
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'RS256', kid: 'kid-1' });
    expect(decodeJwt(assertion)).toMatchObject({
      iss: account.client_email,
      aud: endpoint.url,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
    });
    nowMs += 2_950_000;
    expect(await tokens.tokenFor(one)).toBe('access-1');
    expect(endpoint.asked).toHaveLength(1);
  });

  it.each(['sk-a-plain-key', '{}', '{"refresh_token":7}'])('cannot be fetched with %j', async (key) => {
    await expect(tokensOf().tokenFor(access(key))).rejects.toThrow();
    expect(endpoint.asked).toEqual([]);
  });
});
