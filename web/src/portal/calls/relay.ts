import { answer, api } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import type { Request } from './dialects.ts';
import { at } from './members.ts';

// Calls from the page itself go to the relay as everybody's do: with a key, and charged.

/** A key for ten minutes that is in no list and spends $1 at most; whoever asks keeps it in memory alone. */
export async function ephemeralKey(): Promise<{ readonly secret: string; readonly expiresAt: number }> {
  const { data } = await answer(api.POST('/api/user/keys/ephemeral', { body: {} }));
  if (data.access_key === null) throw new Error('a new key came without its secret');
  return { secret: data.access_key, expiresAt: data.expires_at ?? 0 };
}

/**
 * Sends a call, and gives its answer as it begins.
 * @throws ApiFailure with what the relay said instead
 */
export async function callRelay(request: Request, secret: string, signal?: AbortSignal): Promise<Response> {
  const reply = await fetch(request.path, {
    method: 'POST',
    // The key says who calls; the session has no part in it.
    credentials: 'omit',
    headers: { ...request.headers(secret), 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFailure({ status: 0, code: 'no_answer', message: '' });
  });
  if (reply.ok) return reply;
  throw relayFailure(reply, await reply.json().catch(() => undefined));
}

export const requestIdOf = (reply: Response): string | undefined =>
  reply.headers.get('x-request-id') ?? undefined;

/** Each dialect names its errors in its own way. A key that is not let in is not the end of the session, so its status is not kept. */
function relayFailure(reply: Response, sent: unknown): ApiFailure {
  const code = at(sent, 'error', 'code') ?? at(sent, 'error', 'type');
  const status = at(sent, 'error', 'status');
  const message = at(sent, 'error', 'message');
  const seconds = Number(reply.headers.get('retry-after') ?? Number.NaN);
  return new ApiFailure({
    status: reply.status === 401 || reply.status === 403 ? 400 : reply.status,
    code: [code, status].find((each) => typeof each === 'string') ?? `http_${reply.status}`,
    message: typeof message === 'string' ? message : `HTTP ${reply.status}`,
    requestId: requestIdOf(reply),
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
  });
}
