import { operatorCommandsOn } from '../../../src/compose/administration.js';
import { eventually } from '../../support/eventually.js';
import type { Deployment } from './deployment.js';
import type { ParsedJson } from '../../support/parsed-json.js';

/** The first admin, for whoever signs in as one. */
export const OPERATOR = { name: 'root', password: 'correct horse battery' };

/** A request to /api/admin as the first admin. Rejects where it is refused. */
export type AsAdmin = (method: string, path: string, body?: object) => Promise<ParsedJson>;

interface Servers {
  readonly database: Pick<Deployment['database'], 'pool'>;
  readonly store: Deployment['store'];
}

/** Makes the first admin, as an operator at the machine does, and logs in. */
export async function signInAdmin({ database: { pool }, store }: Servers, url: string): Promise<AsAdmin> {
  const meta = { actor: 'cli', requestId: 'test' };
  await operatorCommandsOn({ pool, store }).create({ ...OPERATOR, role: 'admin' }, meta);
  const ask = async (method: string, path: string, body?: object, token = '') => {
    const response = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { data: ParsedJson } };
  };
  let token = '';
  await eventually(
    async () => {
      const { status, body } = await ask('POST', '/login', OPERATOR);
      if (status === 200) token = body.data.token as string;
      return status === 200;
    },
    { timeoutMs: 30_000, intervalMs: 500 },
  );
  return async (method, path, body) => {
    const answer = await ask(method, path, body, token);
    if (answer.status !== 200)
      throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  };
}
