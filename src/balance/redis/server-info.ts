import { CacheUnavailable } from '../cached-balance.js';

/**
 * Reads from INFO which run of the server this is.
 *
 * @throws CacheUnavailable also when the server may evict keys that do not expire: open holds would vanish silently
 */
export function readServerInfo(info: string): { readonly runId: string } {
  const runId = /^run_id:([0-9a-f]{20,})\s*$/m.exec(info)?.[1];
  if (runId === undefined) throw new CacheUnavailable('the server does not tell its run_id');
  const policy = /^maxmemory_policy:(\S+)\s*$/m.exec(info)?.[1];
  if (policy?.startsWith('allkeys')) {
    throw new CacheUnavailable(
      `maxmemory-policy ${policy} evicts open holds; set noeviction or volatile-ttl`,
    );
  }
  return { runId };
}
