import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { text } from '../../fields.js';
import {
  endedData,
  exampleSession,
  presentSession,
  sessionNotFound,
  sessionNotFoundRow,
  sessionsData,
} from '../session-schema.js';
import { nothing, signInData } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'auth',
  path: '/sessions',
  access: 'person',
  operationId: 'listSessions',
  summary: 'List your sessions',
  description:
    'Of browsers, and of programs (`token`), the last used first. A session of a browser lives for 14 days after it was last used, and for 60 at most; one of a program as long as its newest token.',
  input: nothing,
  data: sessionsData,
  refusals: [],
  example: { data: { sessions: [exampleSession] } },
  handle: async (_, context) => {
    const person = signedInPerson(context);
    const sessions = await context.people.sessions(person);
    return { data: { sessions: sessions.map((each) => presentSession(each, person.listed)) } };
  },
});

const end = endpoint({
  method: 'delete',
  area: 'auth',
  path: '/sessions/{id}',
  access: 'person',
  operationId: 'endSession',
  summary: 'End a session of yours',
  description: 'At once, on every process; one of a program with its tokens.',
  input: z.object({ id: text(1, 100) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: [],
  failures: [sessionNotFoundRow],
  example: { data: { id: exampleSession.id } },
  handle: async ({ id }, context) => {
    const person = signedInPerson(context);
    if (!(await context.people.endSession(person, id))) throw sessionNotFound();
    return {
      data: { id },
      ...(id === person.session?.id && { cookie: { kind: 'person', secret: null } as const }),
    };
  },
});

const endOthers = endpoint({
  method: 'post',
  area: 'auth',
  path: '/sessions/end-others',
  access: 'person',
  operationId: 'endOtherSessions',
  summary: 'End all your sessions but this one',
  description: 'Of browsers and of programs; their tokens end with them.',
  input: nothing,
  bodyOptional: true,
  data: endedData,
  refusals: [],
  example: { data: { ended: 2 } },
  handle: async (_, context) => ({
    data: { ended: await context.people.endOthers(signedInPerson(context)) },
  }),
});

const SIGN_INS = 100;

const signIns = endpoint({
  method: 'get',
  area: 'auth',
  path: '/sign-ins',
  access: 'person',
  operationId: 'listSignIns',
  summary: 'List who signed in to your account',
  description: 'In the last 90 days, the newest first, 100 at most.',
  input: nothing,
  data: z.object({ sign_ins: z.array(signInData) }),
  refusals: [],
  example: {
    data: {
      sign_ins: [
        { at: 1795219200, method: 'password+totp', address_block: '203.0.113.7', agent: 'Mozilla/5.0 …' },
      ],
    },
  },
  handle: async (_, context) => {
    const found = await context.people.signIns(signedInPerson(context), SIGN_INS);
    return {
      data: {
        sign_ins: found.map(({ at, method, addressBlock, agent }) => ({
          at: Math.floor(at.getTime() / 1000),
          method,
          address_block: addressBlock,
          agent,
        })),
      },
    };
  },
});

export const sessionEndpoints: readonly BoundEndpoint[] = [list, end, endOthers, signIns];
