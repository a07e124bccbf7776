import { SERVICE_KEY } from '../cluster/cluster.js';
import type { Attempt, Request } from './observations.js';

const ANSWER_WITHIN_MS = 15_000;
/** What has no natural key but the one of the header. */
const BY_HEADER: readonly Request['kind'][] = ['key', 'order', 'order-refund'];

/** Sends a request once and notes what came of it. Never rejects. */
export async function send(url: string, request: Request): Promise<Attempt> {
  const begunMs = Date.now();
  const answer = await ask(url, request);
  const attempt = { begunMs, endedMs: Date.now(), ...answer };
  request.attempts.push(attempt);
  return attempt;
}

type Answer = Pick<Attempt, 'kind' | 'status' | 'code' | 'data' | 'position'>;
const NOTHING = { code: undefined, data: undefined, position: undefined };
const NONE: Answer = { kind: 'ambiguous', status: 0, ...NOTHING };

/** Where in the log an answer says that what it tells is. */
export function positionIn({ headers }: Response): bigint | undefined {
  const position = headers.get('x-counterfoil-position');
  return position === null ? undefined : BigInt(position);
}

async function ask(url: string, { kind, key, method, path, body, operatorToken }: Request): Promise<Answer> {
  const area = operatorToken === undefined ? 'user/external' : 'admin';
  try {
    const response = await fetch(`${url}/api/${area}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${operatorToken ?? SERVICE_KEY}`,
        'content-type': 'application/json',
        'accept-language': 'en',
        ...(BY_HEADER.includes(kind) && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { status } = response;
    const answer = JSON.parse(await response.text()) as { code?: string; data?: unknown };
    if (status === 200) {
      const data = JSON.stringify(answer.data);
      return { kind: 'acknowledged', status, code: undefined, data, position: positionIn(response) };
    }
    return { ...NOTHING, kind: status < 500 ? 'refused' : 'ambiguous', status, code: answer.code };
  } catch {
    return NONE;
  }
}

/** The data of the last acknowledged answer. */
export function answered<Data>({ attempts }: Request): Data | undefined {
  const data = attempts.findLast(({ kind }) => kind === 'acknowledged')?.data;
  return data === undefined ? undefined : (JSON.parse(data) as Data);
}
