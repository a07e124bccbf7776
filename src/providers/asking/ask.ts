import { ProviderUnavailable } from '../../reactions/payments/provider.js';
import { guardedRequest } from '../../support/guarded-request.js';
import { AddressNotAllowed, type Reach } from '../../support/reach.js';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Asks a provider. Throws ProviderUnavailable where nothing is heard in time, or what is heard says nothing (5xx, 429). */
export type Ask = (question: Question) => Promise<Answer>;

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** @param reach operators name hosts, and may not reach what only we can */
export function createAsk(reach: Reach): Ask {
  return async (question) => {
    const answer = await exchanged(question, reach).catch((error: unknown) => {
      throw new ProviderUnavailable(reasonOf(error));
    });
    if (answer.status >= 500 || answer.status === 429)
      throw new ProviderUnavailable(`it answered ${answer.status}`);
    return answer;
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressNotAllowed) return 'its address is private';
  return error instanceof Error ? error.message : 'it does not answer';
}

function exchanged({ method, url, headers, body }: Question, reach: Reach): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body).toString() };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = guardedRequest(
      reach,
      url,
      { method, headers: { ...headers, ...length }, signal },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) response.destroy(new Error('its answer is too long'));
          chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Undefined for what is no JSON: a provider's page for maintenance says nothing of money. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
