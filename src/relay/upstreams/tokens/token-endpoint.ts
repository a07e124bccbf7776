import { z } from 'zod';
import type { ChannelAccess } from '../type.js';
import { membersIn } from '../whole-answer.js';
import type { Grant } from './grants.js';

/** Posts a form, by the way that the channel's calls take. */
export type Asked = (
  channel: ChannelAccess,
  url: string,
  form: string,
) => Promise<{ readonly status: number; readonly body: Buffer }>;

export interface Given {
  readonly accessToken: string;
  readonly livesMs: number;
  /** In place of the one that was used. */
  readonly refreshToken: string | undefined;
}

/** What proves who asks is not good any more, and never will be. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  constructor() {
    super('the token endpoint refuses what it is asked with');
  }
}

const SECONDS_UNSAID = 300;
const MOST_SECONDS = 86_400;

const answer = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().default(SECONDS_UNSAID),
  refresh_token: z.string().min(1).max(16_384).optional(),
});

/** What is never mended by asking again (RFC 6749, 5.2). */
const FOR_GOOD = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);

/** @throws TokenRefused, or Error where there is none for now */
export async function askForToken(
  ask: Asked,
  channel: ChannelAccess,
  { tokenUrl, form }: Grant,
  refreshToken: string | undefined,
  nowMs: number,
): Promise<Given> {
  const asked = new URLSearchParams(await form(refreshToken, nowMs)).toString();
  const { status, body } = await ask(channel, tokenUrl, asked);
  const said = membersIn(body);
  if (status !== 200) {
    const { error } = said;
    if (typeof error === 'string' && FOR_GOOD.has(error)) throw new TokenRefused();
    throw new Error(`the token endpoint answers ${status}`);
  }
  const given = answer.parse(said);
  return {
    accessToken: given.access_token,
    livesMs: Math.min(given.expires_in, MOST_SECONDS) * 1_000,
    refreshToken: given.refresh_token,
  };
}
