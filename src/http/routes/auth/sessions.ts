import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { sessionEndpoints } from '../sessions/endpoints.js';
import { nothing, signInData } from './schema.js';

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

/** Where the person who asks is signed in, and was. */
export const ownSessionEndpoints: readonly BoundEndpoint[] = [
  ...sessionEndpoints({
    area: 'auth',
    access: 'person',
    cookie: 'person',
    operationIds: { list: 'listSessions', end: 'endSession', endOthers: 'endOtherSessions' },
    life: 'A session of a browser lives for 14 days after it was last used, and for 60 at most; one of a program as long as its newest token.',
    of(context) {
      const person = signedInPerson(context);
      const { people } = context;
      return {
        listed: person.listed,
        browser: person.session?.id,
        list: () => people.sessions(person),
        end: (id) => people.endSession(person, id),
        endOthers: () => people.endOthers(person),
      };
    },
  }),
  signIns,
];
