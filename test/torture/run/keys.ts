import type { Operation } from '../plan/workload.js';
import { keyOf } from './accounts.js';
import type { Client } from './client.js';
import { answered, send } from './front-end.js';
import type { Request } from './observations.js';

export interface Key {
  readonly request: Request;
  readonly accessKey: string;
  readonly tokenId: number;
  dead: boolean;
}

/** The keys that a lane makes for its own account, dead ones among them. */
export class Keys {
  private readonly keys: Key[] = [];

  constructor(private readonly client: Client) {}

  /** It serves its owner's calls, also when it is dead: then they must be refused. */
  get latest(): Key | undefined {
    return this.keys.at(-1);
  }

  async take(
    operation: Extract<Operation, { kind: 'key-make' | 'key-revoke' | 'key-reset' }>,
    insist: number,
  ): Promise<void> {
    const { client } = this;
    const { observations, apiUrl } = client.world;
    const { user } = client.own;
    if (operation.kind === 'key-make') {
      const request = keyOf(observations, user, client.name('key'), operation.limit ?? undefined);
      await client.ask(request, insist, operation.copies);
      const made = answered<{ access_key: string; token_id: number }>(request);
      if (made) this.keys.push({ request, accessKey: made.access_key, tokenId: made.token_id, dead: false });
      return;
    }
    const key = this.keys.findLast(({ dead }) => !dead);
    if (!key) return;
    const revoking = operation.kind === 'key-revoke';
    const request = observations.request({
      kind: 'key',
      key: `${operation.kind} ${key.request.key} ${client.name('change')}`,
      user,
      method: revoking ? 'DELETE' : 'POST',
      path: revoking ? '/token' : '/token/reset',
      body: { external_user_id: user, token_id: key.tokenId },
    });
    const { kind } = await send(apiUrl, request);
    // Without a clear answer nobody knows whether it lives: it is used no more.
    if (kind === 'acknowledged') key.dead = true;
    else this.keys.splice(this.keys.indexOf(key), 1);
  }
}
