import { z } from 'zod';
import { operatorName } from '../../../../domain/operator/events.js';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { noteAct } from '../note-act.js';
import {
  exampleSession,
  presentSession,
  sessionNotFound,
  sessionNotFoundRow,
  sessionsData,
} from '../../sessions/schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/operators/{name}/sessions',
  access: 'operators:write',
  operationId: 'adminListOperatorSessions',
  summary: 'List the sessions of an operator',
  description: 'As the operator sees them at `/sessions`.',
  input: z.object({ name: operatorName }),
  data: sessionsData,
  refusals: ['operator_not_found'],
  example: { data: { sessions: [{ ...exampleSession, current: false }] } },
  handle: async ({ name }, context) => {
    await existing(name, context);
    const { listed } = signedIn(context);
    const sessions = await context.admin.sessions.list(name);
    return { data: { sessions: sessions.map((each) => presentSession(each, listed)) } };
  },
});

const end: BoundEndpoint = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/operators/{name}/sessions/{id}',
  access: 'operators:write',
  freshProof: true,
  operationId: 'adminEndSessionOfOperator',
  summary: 'End a session of an operator',
  description:
    'At once, on every process, and kept among the traces. The operator may log in again: to keep somebody out, disable them or set another password.',
  input: z.object({ name: operatorName, id: text(1, 100) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: ['operator_not_found'],
  failures: [sessionNotFoundRow],
  example: { data: { id: exampleSession.id } },
  handle: async ({ name, id }, context) => {
    await existing(name, context);
    if (!(await context.admin.sessions.end(name, id))) throw sessionNotFound();
    await noteAct(context, name, end);
    return { data: { id } };
  },
});

async function existing(name: string, context: AdminContext): Promise<void> {
  const found = (await context.admin.listOperators()).some((each) => each.name === name);
  if (!found) throw refused({ code: 'operator_not_found' });
}

/** Where others are logged in. */
export const operatorSessionEndpoints: readonly BoundEndpoint[] = [list, end];
