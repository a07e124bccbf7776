import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ApiParts, Asked } from '../../src/http/area-contexts.js';
import { contextsOf } from '../../src/http/contexts-of.js';
import { endpoint } from '../../src/http/endpoint.js';

const given = (name: string) => ({ name }) as never;
const parts: ApiParts = {
  commands: given('commands'),
  readModels: given('readModels'),
  audit: given('audit'),
  finance: given('finance'),
  receipts: given('receipts'),
  admin: given('admin'),
  people: given('people'),
  open: given('open'),
  own: () => given('own'),
  payments: { operators: { commands: {} }, refunds: { commands: {} } } as never,
  ownAlerts: () => given('own alerts'),
  settings: given('settings'),
};
const asked: Asked = {
  meta: { actor: 'service-key:1', requestId: 'r' },
  now: new Date(0),
  operator: { name: 'ann', role: 'admin', session: 1n, since: 0 },
  person: undefined,
  returnOrigins: [],
  agent: '',
  visitSecret: undefined,
  language: 'zh',
  address: '127.0.0.1',
  noted: { last: undefined },
  file: undefined,
  authorize: () => Promise.resolve(),
};
const contexts = contextsOf(parts);
const document = {
  method: 'get',
  path: '/x',
  access: 'anybody',
  operationId: 'x',
  summary: '',
  description: '',
  input: z.object({}),
  data: z.unknown(),
  refusals: [],
  example: { data: {} },
} as const;

describe('an endpoint gets what its area works with', () => {
  it('and no more', () => {
    const members = (area: keyof typeof contexts) => Object.keys(contexts[area](asked)).sort();
    expect(members('external')).toEqual([
      'authorize',
      'commands',
      'file',
      'handOver',
      'language',
      'meta',
      'now',
      'ordersOf',
      'payments',
      'readModels',
      'receipts',
      'refunds',
      'returnOrigins',
      'settings',
    ]);
    expect(members('admin')).toEqual([
      'address',
      'admin',
      'agent',
      'commands',
      'explain',
      'file',
      'meta',
      'now',
      'operator',
      'orders',
      'people',
      'readModels',
      'refunds',
      'settings',
    ]);
    const ofPeople = [
      'address',
      'agent',
      'language',
      'meta',
      'now',
      'people',
      'person',
      'readModels',
      'settings',
    ];
    expect(members('auth')).toEqual([...ofPeople, 'visitSecret']);
    expect(members('user')).toEqual([...ofPeople, 'own', 'payments'].sort());
    // Of people nothing leads to another account.
    expect(Object.keys(contexts.user(asked).readModels)).toEqual(['waitFor', 'catalogue']);
    expect(members('audit')).toEqual(['audit', 'file', 'finance', 'now', 'receipts', 'settings']);
    expect(members('open')).toEqual(['open', 'settings']);
  });

  it('of the external API where it names none; administration is not there, for the compiler either', async () => {
    const bound = endpoint({
      ...document,
      // @ts-expect-error a front end's endpoint has no administration
      handle: async (_, { admin }) => ({ data: (admin as unknown) ?? 'none' }),
    });
    expect(await bound.run({}, asked, contexts)).toEqual({ data: 'none' });
  });

  it('and an auditor commands nothing', async () => {
    const bound = endpoint({
      ...document,
      area: 'audit',
      // @ts-expect-error reads alone
      handle: async (_, { commands }) => ({ data: (commands as unknown) ?? 'none' }),
    });
    expect(await bound.run({}, asked, contexts)).toEqual({ data: 'none' });
  });
});
