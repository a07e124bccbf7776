import { z } from 'zod';
import type { Skipped } from '../../../../domain/ledger/state.js';
import type { Obstacle } from '../../../../projections/runtime/obstacles.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { toJson } from '../../../../support/json-text.js';
import { reason as reasonField } from '../users/schema.js';

const notFound: FailureRow = [404, 'nothing_there', '该位置没有事件'];
const free: FailureRow = [409, 'not_in_the_way', '该位置没有阻碍账本的事件'];

const failing = ([status, code, zh]: FailureRow, en: string) =>
  new HttpFailure({ status, code, text: { zh, en } });

const position = z
  .string()
  .regex(/^\d{1,19}$/)
  .meta({ description: 'of the log' });

const place = z
  .object({ id: z.string(), type: z.string(), stream: z.string(), revision: z.string() })
  .nullable()
  .meta({ description: 'null: nothing stands there, though something must' });

const obstacle = z.object({
  position: z.string(),
  event: place,
  reason: z.string().meta({ description: 'why the ledger cannot go past it' }),
});

const skipped = z.object({ position: z.string(), event: place, reason: z.string(), by: z.string() });

const placeOf = (event: Pick<NonNullable<Skipped['event']>, 'id' | 'type' | 'stream' | 'revision'> | null) =>
  event && { id: event.id, type: event.type, stream: event.stream, revision: event.revision.toString() };

const presentSkip = ({ position: at, event, reason, by }: Skipped) => ({
  position: at.toString(),
  event: placeOf(event),
  reason,
  by,
});

const presentObstacle = ({ position: at, event, reason }: Obstacle) => ({
  position: at.toString(),
  event: placeOf(event ?? null),
  reason,
});

const exampleEvent = {
  id: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
  type: 'payment-credited.v1',
  stream: 'account-4d3f6c2a-7d1f-5b8e-9c0a-2f1e3d4c5b6a',
  revision: '3',
};
const exampleReason = 'quota: expected a whole number';

const ofPoison = { area: 'admin', access: 'audit:read', refusals: [] } as const;

const list = endpoint({
  ...ofPoison,
  method: 'get',
  path: '/poison',
  operationId: 'adminListPoison',
  summary: 'List what stops the ledger',
  description:
    'Events that the ledger can neither use nor go past, from where its tables are to the end of the log, and what was skipped before.',
  input: z.object({}),
  data: z.object({ obstacles: z.array(obstacle), skipped: z.array(skipped) }),
  example: {
    data: { obstacles: [{ position: '812', event: exampleEvent, reason: exampleReason }], skipped: [] },
  },
  handle: async (_, { admin }) => {
    const found = await admin.poison.list();
    return {
      data: { obstacles: found.obstacles.map(presentObstacle), skipped: found.skipped.map(presentSkip) },
    };
  },
});

const view = endpoint({
  ...ofPoison,
  method: 'get',
  path: '/poison/{position}',
  operationId: 'adminShowPoison',
  summary: 'Show what stands at a place of the log',
  description: 'As it is stored, and why the ledger cannot go past it. What is sealed stays sealed.',
  input: z.object({ position }),
  data: z.object({
    position: z.string(),
    event: place,
    recorded_at: z.string().nullable(),
    data: z.string().nullable().meta({ description: 'JSON, as it is stored' }),
    reason: z.string().nullable().meta({ description: 'null: nothing is in the way' }),
    skipped: skipped.nullable(),
  }),
  failures: [notFound],
  example: {
    data: {
      position: '812',
      event: exampleEvent,
      recorded_at: '2026-11-21T09:00:00.000Z',
      data: '{\n  "quota": "many"\n}',
      reason: exampleReason,
      skipped: null,
    },
  },
  handle: async ({ position: at }, { admin }) => {
    const found = await admin.poison.at(BigInt(at));
    if (!found) throw failing(notFound, 'Nothing stands at this position');
    const { event, reason = null, skipped: said } = found;
    return {
      data: {
        position: at,
        event: placeOf(event ?? null),
        recorded_at: event?.recordedAt.toISOString() ?? null,
        data: event ? toJson(event.data) : null,
        reason,
        skipped: said ? presentSkip(said) : null,
      },
    };
  },
});

const skip = endpoint({
  ...ofPoison,
  method: 'post',
  path: '/poison/{position}/skip',
  access: 'log:skip',
  freshProof: true,
  operationId: 'adminSkipPoison',
  summary: 'Skip what stops the ledger',
  description:
    'Nothing is made of it, for good; an event of its own says so, with the reason. Every process knows it within seconds and goes on by itself. Statistics that counted it before are put right by a rebuild.',
  input: z.object({ position, reason: reasonField }),
  data: z.object({ position: z.string() }),
  failures: [free],
  example: { request: { reason: 'written by a program of before' }, data: { position: '812' } },
  handle: async ({ position: at, reason }, { admin, meta }) => {
    const said = await admin.poison.skip(BigInt(at), reason, meta);
    if (said === 'free')
      throw failing(free, 'Nothing is in the way there: only what stops the ledger can be skipped');
    return { data: { position: at }, replayed: said === 'known' };
  },
});

export const poisonEndpoints: readonly BoundEndpoint[] = [list, view, skip];
