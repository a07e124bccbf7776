import createClient from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { language } from '../preferences.ts';
import { ApiFailure, readFailure } from './failure.ts';

/** The API of the host that the page came from, by the types of its own document. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' });

api.use({
  onRequest({ request }) {
    request.headers.set('accept-language', language());
    return request;
  },
});

/** For a form that is sent once: what is sent again because no answer came is not done twice. */
export const onceOnly = () => ({
  params: {
    header: {
      'Idempotency-Key': Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
        part.toString(36),
      ).join('-'),
    },
  },
});

interface Reply<Body> {
  readonly data?: Body;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The envelope that the API answered: its `data`, and what stands beside it.
 * @throws ApiFailure for every other answer, and where none came
 */
export async function answer<Body>(asked: Promise<Reply<Body>>): Promise<Body> {
  const reply = await asked.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFailure({ status: 0, code: 'no_answer', message: '' });
  });
  if (reply.data !== undefined) return reply.data;
  throw readFailure(reply.response, reply.error);
}
