import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelDecider } from '../../src/domain/channel/decide.js';
import type { ChannelSettings } from '../../src/domain/channel/settings.js';
import { headerFault } from '../../src/domain/channel/headers.js';
import { matchesModel, servedAs } from '../../src/domain/channel/models.js';
import { settingsFault } from '../../src/domain/channel/rules.js';
import type { ChannelEvent, ChannelState } from '../../src/domain/channel/state.js';
import { plainChannel } from '../support/channel.js';

const key = (id: string, disabled: ChannelSettings['keys'][number]['disabled'] = null) => ({
  id,
  sealed: { key_id: 'master', box: 'AA==' },
  disabled,
});
const settings: ChannelSettings = {
  ...plainChannel,
  name: 'Main',
  type: 'openai',
  base_url: 'https://api.example.com/v1',
  keys: [key('a'), key('b')],
  models: ['gpt-4o'],
  test_model: null,
};
const by = 'operator:ada';
const about = { channelId: 'main', by } as const;
const configure = (enabled = true, changed: Partial<ChannelSettings> = {}) =>
  ({ type: 'configure', ...about, settings: { ...settings, ...changed }, enabled }) as const;
const found = { ...about, reason: 'invalid_api_key', automatic: true };

const evolve = (state: ChannelState, event: ChannelEvent) => channelDecider.evolve(state, event);
type Command = Parameters<typeof channelDecider.decide>[0];
/** Decides one command after the other; answers the types of what each was decided to be, or the refusal. */
function typesOf(...commands: readonly Command[]) {
  let state = channelDecider.initialState();
  return commands.map((command) => {
    const decision = channelDecider.decide(command, state);
    if (decision.kind === 'refused') return decision.refusal.code;
    state = decision.events.reduce(evolve, state);
    return decision.events.map(({ type }) => type.replace(/^channel-/, ''));
  });
}

describe('a channel', () => {
  it('says of itself whether it is in use, and says nothing twice', () => {
    expect(typesOf(configure(), configure(), configure(false), configure(false), configure())).toEqual([
      ['configured', 'enabled'],
      [],
      ['disabled'],
      [],
      ['enabled'],
    ]);
  });

  it('goes out of use with its last key', () => {
    const off = (keyId: string) => ({ type: 'disable-key', keyId, ...found }) as const;
    expect(typesOf(configure(), off('a'), off('a'), off('b'))).toEqual([
      ['configured', 'enabled'],
      ['key-disabled'],
      [],
      ['key-disabled', 'disabled'],
    ]);
    expect(typesOf(configure(), off('c'))).toEqual([['configured', 'enabled'], 'channel_not_found']);
  });

  it('that was found unusable stays off when the same is configured again, and comes back when something changes', () => {
    const off = { type: 'disable', ...found } as const;
    expect(typesOf(configure(), off, configure(), configure(true, { weight: 2 }))).toEqual([
      ['configured', 'enabled'],
      ['disabled'],
      [],
      ['configured', 'enabled'],
    ]);
  });

  it('is not in use without a key that is', () => {
    const off = key('a', { reason: 'configured', automatic: false });
    expect(typesOf(configure(true, { keys: [off] }), configure(), configure(true, { keys: [off] }))).toEqual([
      ['configured', 'disabled'],
      ['configured', 'enabled'],
      ['configured', 'disabled'],
    ]);
  });

  it('tries again, when a person switches it on, the keys that it had lost by itself', () => {
    const lost = { reason: 'no credit', automatic: true };
    const taken = { reason: 'configured', automatic: false };
    const on = { type: 'enable', ...about, reason: 'paid', automatic: false } as const;
    expect(typesOf(configure(false, { keys: [key('a', lost), key('b', taken)] }), on)[1]).toEqual([
      'key-enabled',
      'enabled',
    ]);
    expect(typesOf(configure(false, { keys: [key('a', taken)] }), on)[1]).toBe('channel_invalid');
  });

  it.each<[string, Partial<ChannelSettings>]>([
    ['a version of another type', { api_version: '2024-10-21' }],
    ['a test model with a wildcard', { test_model: 'gpt-*' }],
    ['a key twice', { keys: [key('a'), key('a')] }],
    ['credentials in the address', { base_url: 'https://user:password@api.example.com' }],
    [
      'a deployment in the address',
      {
        type: 'azure-openai',
        base_url: 'https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
      },
    ],
    [
      'how answers are framed, in the address',
      {
        type: 'gemini',
        base_url: 'https://gateway.example.com/v1beta/models/x:streamGenerateContent?alt=sse',
      },
    ],
    ['an open password of the proxy', { proxy_url: 'http://user:password@proxy.example.com' }],
    ['a limit that the hold counts with', { parameter_overrides: override({ set: { max_tokens: 1 } }) }],
    ['another model by override', { parameter_overrides: override({ default: { model: 'x' } }) }],
    ['a prompt that is taken away', { parameter_overrides: override({ drop: ['messages'] }) }],
    ['a credential header', { header_overrides: { authorization: 'Bearer x' } }],
    ['a header of the connection', { forward_headers: ['connection'] }],
    ['a header in capitals', { forward_headers: ['X-Trace'] }],
    ['a value with a line break', { header_overrides: { 'x-title': 'a\r\nb' } }],
  ])('refuses %s', (_what, changed) => {
    expect(settingsFault({ ...settings, ...changed })).toBeDefined();
    expect(typesOf(configure(true, changed))).toEqual(['channel_invalid']);
  });

  it('may leave out what an upstream does not know', () => {
    expect(
      settingsFault({ ...settings, parameter_overrides: override({ drop: ['stream_options'] }) }),
    ).toBeUndefined();
  });
});

function override(some: Partial<ChannelSettings['parameter_overrides']>) {
  return { drop: [], default: {}, set: {}, ...some };
}

describe('headers', () => {
  it.each([
    'cookie',
    'x-api-key',
    'api-key',
    'x-goog-api-key',
    'proxy-authorization',
    'x-amz-security-token',
  ])('%s is never set nor forwarded', (name) => expect(headerFault(name)).toBe('carries credentials'));
  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'host', 'transfer-encoding', 'te', 'bad name'])(
    '%s is never set nor forwarded either',
    (name) => expect(headerFault(name)).toBeDefined(),
  );
  it.each(['anthropic-beta', 'openai-organization', 'x-title', 'http-referer', 'x-monkey'])(
    '%s may be',
    (name) => expect(headerFault(name)).toBeUndefined(),
  );
});

describe('the models of a channel', () => {
  it('are named, mapped or covered by a wildcard', () => {
    const serving = {
      models: ['gpt-4o', 'gpt-4*', 'claude-*-5'],
      model_mapping: { sonnet: 'claude-sonnet-4-5' },
    };
    expect(servedAs(serving, 'gpt-4o')).toBe('named');
    expect(servedAs(serving, 'sonnet')).toBe('named');
    expect(servedAs(serving, 'gpt-4')).toBe('wildcard');
    expect(servedAs(serving, 'claude-haiku-5')).toBe('wildcard');
    expect(servedAs(serving, 'claude-5')).toBeUndefined();
    expect(servedAs(serving, 'constructor')).toBeUndefined();
    expect(servedAs({ models: ['*'], model_mapping: {} }, 'anything')).toBe('wildcard');
  });

  it('match as the plain meaning of the pattern says', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 });
    fc.assert(
      fc.property(letters, name, (pattern, model) => {
        const meaning = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(matchesModel(pattern, model)).toBe(meaning.test(model));
      }),
      { numRuns: 2000 },
    );
  });
});
