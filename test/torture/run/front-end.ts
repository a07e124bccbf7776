import { SERVICE_KEY } from '../cluster/cluster.js';
import type { Attempt, Request } from './observations.js';

const ANSWER_WITHIN_MS = 15_000;

/** Sends a request once and notes what came of it. Never rejects. */
export async function send(url: string, request: Request): Promise<Attempt> {
  const begunMs = Date.now();
  const attempt = { begunMs, endedMs: Date.now(), ...(await ask(url, request)) };
  request.attempts.push(attempt);
  return attempt;
}

type Answer = Pick<Attempt, 'kind' | 'status' | 'code' | 'data'>;
const NONE: Answer = { kind: 'ambiguous', status: 0, code: undefined, data: undefined };

async function ask(url: string, { kind, key, method, path, body }: Request): Promise<Answer> {
  try {
    const response = await fetch(`${url}/api/user/external${path}`, {
      method,
      headers: {
        authorization: `Bearer ${SERVICE_KEY}`,
        'content-type': 'application/json',
        'accept-language': 'en',
        ...(kind === 'key' && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { status } = response;
    const answer = JSON.parse(await response.text()) as { code?: string; data?: unknown };
    if (status === 200) {
      return { kind: 'acknowledged', status, code: undefined, data: JSON.stringify(answer.data) };
    }
    return { kind: status < 500 ? 'refused' : 'ambiguous', status, code: answer.code, data: undefined };
  } catch {
    return NONE;
  }
}

/** The data of the last acknowledged answer. */
export function answered<Data>({ attempts }: Request): Data | undefined {
  const data = attempts.findLast(({ kind }) => kind === 'acknowledged')?.data;
  return data === undefined ? undefined : (JSON.parse(data) as Data);
}
