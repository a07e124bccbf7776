import { z } from 'zod';
import type { BrowserSession } from '../../../commands/login/ports.js';
import { HttpFailure } from '../../failure.js';

/** Sessions as their owners see them: people and operators the same. */
export const sessionData = z
  .object({
    id: z.string(),
    current: z.boolean(),
    method: z
      .string()
      .meta({ description: '`password`, `password+totp`, `handover`, `token` (a program) …' }),
    via: z.string().nullable().meta({ description: 'who handed the person over: `service-key:<id>`' }),
    return_url: z.string().nullable().meta({ description: 'where the front end has them led back to' }),
    expires_at: z.int().nullable().meta({ description: 'of a handover or a token, unix seconds' }),
    address_block: z.string().meta({ description: 'an IPv4 address, or a /64 of IPv6' }),
    agent: z.string(),
    created_at: z.int().meta({ description: 'unix seconds' }),
    seen_at: z.int(),
    proven_at: z.int().meta({ description: 'when the password, or more, was last given' }),
  })
  .meta({ id: 'Session' });

export const sessionsData = z.object({ sessions: z.array(sessionData) });
export const endedData = z.object({ ended: z.int() });

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** @param current the id of the one that asks */
export const presentSession = (session: BrowserSession, current: string | undefined) => ({
  id: session.id,
  current: session.id === current,
  method: session.method,
  via: session.via,
  return_url: session.returnUrl,
  expires_at: session.expiresAt && seconds(session.expiresAt),
  address_block: session.addressBlock,
  agent: session.agent,
  created_at: seconds(session.createdAt),
  seen_at: seconds(session.seenAt),
  proven_at: seconds(session.provenAt),
});

export const exampleSession = {
  id: '5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
  current: true,
  method: 'password',
  via: null,
  return_url: null,
  expires_at: null,
  address_block: '203.0.113.7',
  agent: 'Mozilla/5.0 …',
  created_at: 1795219200,
  seen_at: 1795222800,
  proven_at: 1795219200,
};

/** For the document. */
export const sessionNotFoundRow = [404, 'session_not_found', '会话不存在或已结束'] as const;

export function sessionNotFound(): HttpFailure {
  const [status, code, zh] = sessionNotFoundRow;
  return new HttpFailure({ status, code, text: { zh, en: 'There is no such session, or it has ended' } });
}
