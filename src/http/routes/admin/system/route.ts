import { z } from 'zod';
import { VERSION } from '../../../../support/version.js';
import { systemFigures, type SystemView } from '../../../operators/system.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { presentLag } from '../overview/present.js';
import { exampleLag, lag } from '../overview/schema.js';
import { seconds } from '../paging.js';

const moment = z.int().meta({ description: 'unix seconds' });

const systemData = z.object({
  version: z.string(),
  node: z.string(),
  started_at: moment.meta({ description: 'unix seconds, of the process that answers' }),
  role: z.string().meta({ description: 'of the process that answers' }),
  ledger_id: z.string(),
  log: z.object({
    kind: z.enum(['postgres', 'eventstoredb']),
    generation: z.int().meta({ description: 'how often an older copy of the log was accepted' }),
    head: z.string().nullable().meta({ description: 'where it ends; null: it cannot be read' }),
    doubt: z.string().nullable().meta({ description: 'why it must not be used' }),
  }),
  database: z.object({ embedded: z.boolean(), version: z.string() }),
  balances: z.enum(['redis', 'process']).meta({ description: 'where balances and holds are kept' }),
  connected: z
    .array(z.object({ role: z.string(), connections: z.int(), since: moment }))
    .meta({ description: 'who is connected to the database, by role; a command by its name' }),
  parts: z
    .array(z.object({ part: z.string(), ready: z.boolean(), reason: z.string().nullable() }))
    .meta({ description: 'as `/readyz` of this process tells them' }),
  lag: z.array(lag),
  outbox: z.object({
    waiting: z.int(),
    scheduled: z.int(),
    dead: z.int(),
    oldest_seconds: z.number().meta({ description: 'since when the oldest that is due waits' }),
  }),
  mails: z.object({ waiting: z.int(), failed: z.int() }),
  anchors: z
    .array(
      z.object({
        name: z.string(),
        size: z.int().meta({ description: 'entries of the last checkpoint that it has' }),
        anchored_at: moment.nullable(),
        failures: z.int().meta({ description: 'ever' }),
        failing_since: moment.nullable(),
        last_fault: z.string().nullable(),
      }),
    )
    .meta({ description: 'where checkpoints of the signed log go' }),
  figures: z
    .object(
      Object.fromEntries(systemFigures.map((name) => [name, z.number().nullable()])) as Record<
        (typeof systemFigures)[number],
        z.ZodNullable<z.ZodNumber>
      >,
    )
    .meta({ description: 'of this process; null: it does no such work, or it cannot be read' }),
  variables: z
    .array(
      z.object({
        name: z.string(),
        set: z.boolean(),
        secret: z.boolean(),
        value: z.string().nullable().meta({ description: 'in force; null: none, or a secret' }),
      }),
    )
    .meta({ description: 'of the environment of this process' }),
});

function present(view: SystemView) {
  return {
    version: view.version,
    node: view.node,
    started_at: seconds(view.startedAt),
    role: view.role,
    ledger_id: view.ledgerId,
    log: {
      kind: view.log.kind,
      generation: view.log.generation,
      head: view.log.head?.toString() ?? null,
      doubt: view.log.doubt ?? null,
    },
    database: view.database,
    balances: view.balances,
    connected: view.connected.map(({ since, ...each }) => ({ ...each, since: seconds(since) })),
    parts: view.parts.map(({ part, ready, reason = null }) => ({ part, ready, reason })),
    lag: presentLag(view.standings),
    outbox: {
      waiting: view.outbox.waiting,
      scheduled: view.outbox.scheduled,
      dead: view.outbox.dead,
      oldest_seconds: view.outbox.oldestSeconds,
    },
    mails: view.mails,
    anchors: view.anchors.map(({ anchoredAt, failingSince, lastFault = null, ...anchor }) => ({
      ...anchor,
      anchored_at: anchoredAt ? seconds(anchoredAt) : null,
      failing_since: failingSince ? seconds(failingSince) : null,
      last_fault: lastFault,
    })),
    figures: Object.fromEntries(systemFigures.map((name) => [name, view.figures[name] ?? null])),
    variables: view.variables.map(({ name, isSet, isSecret, value }) => ({
      name,
      set: isSet,
      secret: isSecret,
      value,
    })),
  };
}

const system = endpoint({
  method: 'get',
  area: 'admin',
  path: '/system',
  access: 'system:read',
  operationId: 'adminShowSystem',
  inDoubt: true,
  summary: 'Show what runs here and how it is',
  description:
    'Versions, parts, how far the tables are behind, queues, figures and the environment of the process that answers. No address of a server and no secret is shown; of those it says whether they are set.',
  input: z.object({}),
  data: systemData,
  refusals: [],
  example: {
    data: {
      version: VERSION,
      node: 'v24.11.1',
      started_at: 1795132800,
      role: 'all',
      ledger_id: '8d0f3f0e-64b3-4a5e-9d5c-3a6b1f0c8f11',
      log: { kind: 'postgres', generation: 0, head: '1284', doubt: null },
      database: { embedded: true, version: '17.5' },
      balances: 'process',
      connected: [{ role: 'all', connections: 6, since: 1795132801 }],
      parts: [{ part: 'database', ready: true, reason: null }],
      lag: exampleLag,
      outbox: { waiting: 0, scheduled: 0, dead: 0, oldest_seconds: 0 },
      mails: { waiting: 0, failed: 0 },
      anchors: [
        {
          ...{ name: 'vault', size: 1284, anchored_at: 1795132800 },
          ...{ failures: 0, failing_since: null, last_fault: null },
        },
      ],
      figures: {
        calls_in_flight: 3,
        open_holds: 3,
        usage_pending: 0,
        spooled_charges: 0,
        spool_files_set_aside: 0,
        unresolvable_holds: 0,
      },
      variables: [
        { name: 'PORT', set: false, secret: false, value: '3000' },
        { name: 'MASTER_KEY', set: true, secret: true, value: null },
      ],
    },
  },
  handle: async (_, { admin }) => ({ data: present(await admin.system()) }),
});

export const systemEndpoints: readonly BoundEndpoint[] = [system];
