import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withHeaders, withParameters } from '../../../../src/relay/upstreams/transport/overrides.js';
import { openChannel } from '../../support/channels.js';

const overridden = (body: string, some: Partial<Parameters<typeof withParameters>[1]>) =>
  withParameters(Buffer.from(body), { drop: [], default: {}, set: {}, ...some }).toString();

describe('parameter overrides', () => {
  it('leave a body alone where there are none', () => {
    const body = Buffer.from('{"model": "m"}');
    expect(withParameters(body, { drop: [], default: {}, set: {} })).toBe(body);
    expect(overridden('--boundary', { set: { a: 1 } })).toBe('--boundary');
  });

  it('set, default and drop, and keep every other byte', () => {
    const body = '{"model":"m", "temperature": 1.0, "user":"u","seed":[1, 2]}';
    const overrides = {
      drop: ['user'],
      default: { temperature: 0.7, top_p: 0.9 },
      set: { service_tier: 'flex' },
    };
    expect(overridden(body, overrides)).toBe(
      '{"service_tier":"flex","top_p":0.9,"model":"m","temperature": 1.0,"seed":[1, 2]}',
    );
    expect(overridden('{}', { set: { a: null } })).toBe('{"a":null}');
    expect(overridden('{"a":1}', { drop: ['a'] })).toBe('{}');
  });

  it('are not evaded by a name twice, or in other letters', () => {
    const body = '{"service_tier":"a","Service_Tier":"b","service_tier":"c","m":1}';
    expect(overridden(body, { set: { service_tier: 'auto' } })).toBe('{"service_tier":"auto","m":1}');
  });

  it('mean what they say of any object', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd');
    const object = fc.dictionary(names, fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean()));
    fc.assert(
      fc.property(object, object, object, fc.array(names), (body, set, fallback, drop) => {
        const result = JSON.parse(
          overridden(JSON.stringify(body), { set, default: fallback, drop }),
        ) as object;
        const kept = Object.fromEntries(
          Object.entries(body).filter(([name]) => !(drop as string[]).includes(name)),
        );
        expect(result).toEqual(JSON.parse(JSON.stringify({ ...fallback, ...kept, ...set })));
      }),
    );
  });
});

describe('header overrides', () => {
  it('win over the client’s, of which only those named go on', () => {
    const { settings } = openChannel('a', {
      header_overrides: { 'x-title': 'ours', 'user-agent': 'gateway' },
      forward_headers: ['x-title', 'x-trace-id'],
    });
    const client = { 'x-title': 'theirs', 'x-trace-id': 't', cookie: 'secret' };
    expect(withHeaders({ authorization: 'Bearer k', 'user-agent': 'counterfoil' }, settings, client)).toEqual(
      {
        authorization: 'Bearer k',
        'user-agent': 'gateway',
        'x-title': 'ours',
        'x-trace-id': 't',
      },
    );
  });
});
