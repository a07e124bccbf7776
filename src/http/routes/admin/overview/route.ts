import { z } from 'zod';
import { mayDo } from '../../../../domain/operator/roles.js';
import type { AdminContext } from '../../../area-contexts.js';
import { isUnavailable } from '../../../../support/unavailable.js';
import { type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import { notReady } from '../../../usage/schema.js';
import { live } from '../channels/live.js';
import { presentOverview, presentVerification } from './present.js';
import { exampleOverview, overviewData } from './schema.js';

/** Who may not look at channels is not shown them here either. */
async function channelStrip(context: AdminContext) {
  if (!mayDo(signedIn(context).role, 'channels:read')) return null;
  const channels = await live(context).catch((error: unknown) => {
    // The rest of the page is known all the same.
    if (isUnavailable(error)) return null;
    throw error;
  });
  if (!channels) return null;
  return channels.map(
    ({ channel_id, name, state, cooldown, running_calls, response, lately, last_check }) => ({
      channel_id,
      name,
      state,
      cooldown,
      running_calls,
      response,
      lately,
      last_check,
    }),
  );
}

const overview = endpoint({
  method: 'get',
  area: 'admin',
  path: '/overview',
  access: 'usage:read',
  operationId: 'adminShowOverview',
  summary: 'Show how everything is at a glance',
  description:
    'What calls cost and how they ended today, in seven and in thirty days; how long answers took; what is owed to users; what is open; how the channels do and how far the tables are behind the log. Balances are added up every five seconds.',
  input: z.object({}),
  data: overviewData,
  refusals: [],
  failures: [notReady],
  example: { data: exampleOverview },
  handle: async (_, context) => {
    const [facts, channels, [verification]] = await Promise.all([
      context.admin.overview(),
      channelStrip(context),
      context.admin.jobs.list({ type: 'verify', state: 'finished' }, { limit: 1 }),
    ]);
    return {
      data: {
        ...presentOverview(facts),
        channels,
        verification: verification ? presentVerification(verification) : null,
      },
    };
  },
});

export const overviewEndpoints: readonly BoundEndpoint[] = [overview];
