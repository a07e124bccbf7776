import { z } from 'zod';

/** What the story needs of an answer of the service; anything else in it is kept as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface DemoClient {
  /** The external API, as a front end calls it. */
  frontEnd(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The relay, as an API client calls it. */
  call(accessKey: string, body: unknown): Promise<Answer>;
}

const failure = z.looseObject({ message: z.string().optional() });

export function createDemoClient(baseUrl: string, serviceKey: string): DemoClient {
  const send = async (method: string, path: string, key: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'accept-language': 'en',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) {
      const parsed = failure.safeParse(JSON.parse(text || '{}'));
      throw new Error(
        `${method} ${path} answered ${response.status}: ${parsed.data?.message ?? text.slice(0, 300)}`,
      );
    }
    return { status: response.status, headers: response.headers, body: text };
  };
  return {
    frontEnd: (method, path, body) => send(method, `/api/user/external${path}`, serviceKey, body),
    call: (accessKey, body) => send('POST', '/v1/chat/completions', accessKey, body),
  };
}
