import { randomUUID } from 'node:crypto';
import type { DeskParts } from './desk.js';
import { through } from './one-door.js';
import { ProviderUnavailable } from './provider.js';

const LISTED_BACK_MS = 72 * 3_600_000;

/** Asks every provider that can say so for all its payments of three days: what nobody told of is taken, and what is for no order is flagged. */
export async function listed(
  { commands, providers, onFault }: Pick<DeskParts, 'commands' | 'providers' | 'onFault'>,
  now: Date,
): Promise<void> {
  for (const provider of await providers.all())
    try {
      const sightings = await provider.list?.(new Date(now.getTime() - LISTED_BACK_MS));
      for (const sighting of sightings ?? [])
        await through(commands, provider, [sighting], {
          by: 'sweep',
          strays: 'flag',
          meta: { actor: 'system', requestId: randomUUID() },
        });
    } catch (error) {
      // In an hour it is asked again.
      if (!(error instanceof ProviderUnavailable)) onFault(error);
    }
}
