import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { answerJson, startTestUpstream, type TestUpstream } from './test-upstream.js';

/** A token endpoint as providers have them: refresh tokens are good once, and one that is used again ends all that came of it. */
export interface TokenEndpoint {
  readonly url: string;
  /** The forms that were posted. */
  readonly asked: URLSearchParams[];
  /** Of tokens that are given from now on. */
  livesSeconds: number;
  /** Answers with this error until it is undefined. */
  refuses: { status: number; error: string } | undefined;
  /** What an answer waits for; who has gone by then was given nothing. */
  waits: Promise<void> | undefined;
  close(): Promise<void>;
}

export async function startTokenEndpoint(first = 'refresh-0', publicKey?: string): Promise<TokenEndpoint> {
  let good = first;
  let given = 0;
  const upstream: TestUpstream = await startTestUpstream(async (response, seen) => {
    const form = new URLSearchParams(seen.raw.toString());
    endpoint.asked.push(form);
    await endpoint.waits;
    if (response.closed) return;
    const { refuses, livesSeconds } = endpoint;
    const deny = (status: number, error: string) =>
      void answerJson(JSON.stringify({ error }), status)(response, seen);
    if (refuses) return deny(refuses.status, refuses.error);
    if (form.get('grant_type') === 'refresh_token') {
      if (form.get('refresh_token') !== good) {
        good = 'none';
        return deny(400, 'invalid_grant');
      }
      good = `refresh-${given + 1}`;
    }
    const assertion = form.get('assertion');
    if (assertion !== null) {
      const key = await importSPKI(publicKey ?? '', 'RS256');
      await jwtVerify(assertion, key, { audience: decodeJwt(assertion).aud ?? [] });
    }
    given += 1;
    const more = form.get('grant_type') === 'refresh_token' ? { refresh_token: good } : {};
    const body = { access_token: `access-${given}`, expires_in: livesSeconds, token_type: 'Bearer', ...more };
    return void answerJson(JSON.stringify(body))(response, seen);
  });
  const endpoint: TokenEndpoint = {
    url: new URL('/token', upstream.url).href,
    asked: [],
    livesSeconds: 3_600,
    refuses: undefined,
    waits: undefined,
    close: () => upstream.close(),
  };
  return endpoint;
}
