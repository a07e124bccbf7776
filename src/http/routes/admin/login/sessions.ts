import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import {
  endedData,
  exampleSession,
  presentSession,
  sessionNotFound,
  sessionNotFoundRow,
  sessionsData,
} from '../../session-schema.js';
import { nothing } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/sessions',
  access: 'signed-in',
  operationId: 'adminListSessions',
  summary: 'List your sessions',
  description:
    'Of browsers, and of programs (`token`), the last used first. One of a browser lives for half an hour after it was last used and for twelve at most, or shorter where the setting `sessions` says so; one of a program as long as its newest token.',
  input: nothing,
  data: sessionsData,
  refusals: [],
  example: { data: { sessions: [exampleSession] } },
  handle: async (_, context) => {
    const { name, listed } = signedIn(context);
    const sessions = await context.admin.sessions.list(name);
    return { data: { sessions: sessions.map((each) => presentSession(each, listed)) } };
  },
});

const end = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/sessions/{id}',
  access: 'signed-in',
  operationId: 'adminEndOwnSession',
  summary: 'End a session of yours',
  description: 'At once, on every process; one of a program with its tokens.',
  input: z.object({ id: text(1, 100) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: [],
  failures: [sessionNotFoundRow],
  example: { data: { id: exampleSession.id } },
  handle: async ({ id }, context) => {
    const { name, browserSession } = signedIn(context);
    if (!(await context.admin.sessions.end(name, id))) throw sessionNotFound();
    return {
      data: { id },
      ...(id === browserSession && { cookie: { kind: 'operator', secret: null } as const }),
    };
  },
});

const endOthers = endpoint({
  method: 'post',
  area: 'admin',
  path: '/sessions/end-others',
  access: 'signed-in',
  operationId: 'adminEndOtherSessions',
  summary: 'End all your sessions but this one',
  description: 'Of browsers and of programs; their tokens end with them.',
  input: nothing,
  bodyOptional: true,
  data: endedData,
  refusals: [],
  example: { data: { ended: 2 } },
  handle: async (_, context) => ({
    data: { ended: await context.admin.sessions.endOthers(signedIn(context)) },
  }),
});

/** Where the operator who asks is logged in. */
export const ownSessionEndpoints: readonly BoundEndpoint[] = [list, end, endOthers];
