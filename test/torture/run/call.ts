import { randomUUID } from 'node:crypto';
import { dialectOf } from '../dialects/all.js';
import { type CallOperation, MOST_OUTPUT_TOKENS } from '../plan/calls.js';
import { positionIn } from './front-end.js';
import type { AnswerKind, Call } from './observations.js';

export interface Caller {
  readonly user: string;
  readonly accessKey: string;
  readonly tokenId: number;
  readonly keyIsDead: boolean;
}

const ANSWER_WITHIN_MS = 40_000;
/** Refusals of the ledger and of upstream that say for certain that nothing was charged. */
const SURE = (status: number): boolean => (status >= 400 && status < 500) || status === 502 || status === 504;

type Asked = Pick<CallOperation, 'dialect' | 'model' | 'streamed' | 'script' | 'hangUpMs'>;

/** One call, watched to its end or left by its client. Never rejects. */
export async function call(
  url: string,
  relay: string,
  { user, accessKey, tokenId, keyIsDead }: Caller,
  { dialect, model, streamed, script, hangUpMs }: Asked,
): Promise<Call> {
  const requestId = randomUUID();
  const content = JSON.stringify({ ...script, requestId, via: `via-${relay}` });
  const spoken = dialectOf(dialect);
  const { path, body } = spoken.ask(model, streamed, content, MOST_OUTPUT_TOKENS);
  const begunMs = Date.now();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), hangUpMs ?? ANSWER_WITHIN_MS);
  const seen = { status: 0, text: '', whole: false, position: undefined as bigint | undefined };
  try {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        ...spoken.headers(accessKey),
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify(body),
      signal: controller.signal,
    });
    seen.status = response.status;
    seen.position = positionIn(response);
    const decoder = new TextDecoder();
    for await (const part of response.body ?? [])
      seen.text += decoder.decode(part as Uint8Array, { stream: true });
    seen.whole = true;
  } catch {
    // What had come until then is in `seen`.
  }
  clearTimeout(timer);
  const { status, text, whole } = seen;
  const completed = status === 200 && whole && (!streamed || text.includes(spoken.end));
  const kind: AnswerKind = completed ? 'acknowledged' : SURE(status) && whole ? 'refused' : 'ambiguous';
  return {
    requestId,
    user,
    dialect,
    model,
    streamed,
    begunMs,
    endedMs: Date.now(),
    kind,
    status,
    code: status >= 400 ? codeOf(text) : undefined,
    completed,
    excess: (script.usage?.completion ?? 0) > MOST_OUTPUT_TOKENS,
    tokenId,
    withDeadKey: keyIsDead,
    position: seen.position,
  };
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
  } catch {
    return undefined;
  }
}

/** What could be spent now, by the word of a refusal: the balance less all that is held. Undefined: no such answer. */
export async function availableTo(url: string, accessKey: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'unaffordable', messages: [{ role: 'user', content: '?' }] }),
      signal: AbortSignal.timeout(5_000),
    });
    const { error } = (await response.json()) as { error?: { available?: number } };
    return response.status === 402 ? error?.available : undefined;
  } catch {
    return undefined;
  }
}
