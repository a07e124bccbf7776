import { z } from 'zod';
import type { BrowserSession } from '../../../commands/login/ports.js';
import type { AreaContexts } from '../../area-contexts.js';
import { type Answer, type BoundEndpoint, endpoint } from '../../endpoint.js';
import { text } from '../../fields.js';
import {
  endedData,
  exampleSession,
  presentSession,
  sessionNotFound,
  sessionNotFoundRow,
  sessionsData,
} from './schema.js';

/** The sessions of one's own. */
export interface SessionDesk {
  /** Of the session that asks, as it is in the list. */
  readonly listed: string | undefined;
  /** Of the same, where it is a browser's: whoever ends it is to lose its cookie. */
  readonly browser: string | undefined;
  list(): Promise<readonly BrowserSession[]>;
  /** @returns false where there is no such session */
  end(id: string): Promise<boolean>;
  /** @returns how many */
  endOthers(): Promise<number>;
}

type Areas = 'auth' | 'admin';

/** Whose sessions: a person's at the Portal, or an operator's at Admin. */
export interface SessionWay<In extends Areas> {
  readonly area: In;
  readonly access: 'person' | 'signed-in';
  /** Whose cookie a session of a browser has. */
  readonly cookie: 'person' | 'operator';
  readonly operationIds: Readonly<Record<'list' | 'end' | 'endOthers', string>>;
  /** How long they live. */
  readonly life: string;
  of(context: AreaContexts[In]): SessionDesk;
}

/** What is asked of one's own sessions, the same for people and operators. */
export const sessionEndpoints = <In extends Areas>(way: SessionWay<In>): readonly BoundEndpoint[] => [
  list(way),
  end(way),
  endOthers(way),
];

const list = <In extends Areas>(way: SessionWay<In>): BoundEndpoint =>
  endpoint({
    ...{ method: 'get', area: way.area, path: '/sessions', access: way.access },
    operationId: way.operationIds.list,
    summary: 'List your sessions',
    description: `Of browsers, and of programs (\`token\`), the last used first. ${way.life}`,
    input: z.object({}),
    data: sessionsData,
    refusals: [],
    example: { data: { sessions: [exampleSession] } },
    handle: async (_, context: AreaContexts[In]): Promise<Answer> => {
      const desk = way.of(context);
      const sessions = await desk.list();
      return { data: { sessions: sessions.map((each) => presentSession(each, desk.listed)) } };
    },
  });

const end = <In extends Areas>(way: SessionWay<In>): BoundEndpoint =>
  endpoint({
    ...{ method: 'delete', area: way.area, path: '/sessions/{id}', access: way.access },
    operationId: way.operationIds.end,
    summary: 'End a session of yours',
    description: 'At once, on every process; one of a program with its tokens.',
    input: z.object({ id: text(1, 100) }),
    bodyOptional: true,
    data: z.object({ id: z.string() }),
    refusals: [],
    failures: [sessionNotFoundRow],
    example: { data: { id: exampleSession.id } },
    handle: async ({ id }, context: AreaContexts[In]): Promise<Answer> => {
      const desk = way.of(context);
      if (!(await desk.end(id))) throw sessionNotFound();
      return { data: { id }, ...(id === desk.browser && { cookie: { kind: way.cookie, secret: null } }) };
    },
  });

const endOthers = <In extends Areas>(way: SessionWay<In>): BoundEndpoint =>
  endpoint({
    ...{ method: 'post', area: way.area, path: '/sessions/end-others', access: way.access },
    operationId: way.operationIds.endOthers,
    summary: 'End all your sessions but this one',
    description: 'Of browsers and of programs; their tokens end with them.',
    input: z.object({}),
    bodyOptional: true,
    data: endedData,
    refusals: [],
    example: { data: { ended: 2 } },
    handle: async (_, context: AreaContexts[In]): Promise<Answer> => ({
      data: { ended: await way.of(context).endOthers() },
    }),
  });
