import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Who sits at a browser, as the service knows them. */
export interface Known {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly isVerified: boolean;
}

/** An OpenID provider and a GitHub in one, on this machine: whoever is sent there comes back at once. */
export interface IdentityService {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who comes next. */
  knows(person: Known): void;
  /** What the next ID token says instead of the truth. */
  lies(claims: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

interface Visit {
  readonly person: Known;
  readonly nonce: string | undefined;
  readonly challenge: string;
  readonly redirectUri: string;
}

const CLIENT_ID = 'counterfoil-test';
const CLIENT_SECRET = 'test-client-secret';

export async function startIdentityService(): Promise<IdentityService> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const visits = new Map<string, Visit>();
  const seen = new Map<string, Known>();
  let person: Known = { subject: '1', name: 'nobody', email: 'nobody@example.com', isVerified: true };
  let lie: Readonly<Record<string, unknown>> = {};
  let issuer = '';

  const idToken = (visit: Visit): Promise<string> => {
    const { subject, name, email, isVerified } = visit.person;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: CLIENT_ID,
      sub: subject,
      iat: now,
      exp: now + 300,
      nonce: visit.nonce,
      preferred_username: name,
      email,
      email_verified: isVerified,
      ...lie,
    };
    lie = {};
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  };

  function authorize(url: URL, answer: ServerResponse): void {
    const given = (name: string) => url.searchParams.get(name) ?? '';
    const code = randomUUID();
    visits.set(code, {
      person,
      nonce: url.searchParams.get('nonce') ?? undefined,
      challenge: given('code_challenge'),
      redirectUri: given('redirect_uri'),
    });
    const back = new URL(given('redirect_uri'));
    back.search = new URLSearchParams({ code, state: given('state') }).toString();
    answer.writeHead(302, { Location: back.href }).end();
  }

  async function token(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const given = new URLSearchParams(await text(request));
    const visit = visits.get(given.get('code') ?? '');
    visits.delete(given.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      visit?.challenge === challenge &&
      visit.redirectUri === given.get('redirect_uri') &&
      given.get('client_id') === CLIENT_ID &&
      given.get('client_secret') === CLIENT_SECRET;
    if (!isRight) return json(answer, 400, { error: 'invalid_grant' });
    const accessToken = randomUUID();
    seen.set(accessToken, visit.person);
    const isOidc = visit.nonce !== undefined;
    json(answer, 200, {
      access_token: accessToken,
      token_type: 'bearer',
      ...(isOidc && { id_token: await idToken(visit) }),
    });
  }

  async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const bearer = seen.get((request.headers.authorization ?? '').replace(/^bearer /i, ''));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(answer, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/jwks':
        return json(answer, 200, { keys: [jwk] });
      case '/authorize':
      case '/login/oauth/authorize':
        return authorize(url, answer);
      case '/token':
      case '/login/oauth/access_token':
        return token(request, answer);
      case '/api/v3/user':
        if (bearer) return json(answer, 200, { id: Number(bearer.subject), login: bearer.name });
        break;
      case '/api/v3/user/emails':
        if (bearer)
          return json(answer, 200, [{ email: bearer.email, primary: true, verified: bearer.isVerified }]);
        break;
    }
    json(answer, 404, {});
  }

  const server = createServer((request, answer) => void serve(request, answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    knows: (next) => {
      person = next;
    },
    lies: (claims) => {
      lie = claims;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const json = (answer: ServerResponse, status: number, body: unknown): void => {
  answer.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};
