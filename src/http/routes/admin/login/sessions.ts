import { type BoundEndpoint, signedIn } from '../../../endpoint.js';
import { sessionEndpoints } from '../../sessions/endpoints.js';

/** Where the operator who asks is logged in. */
export const ownSessionEndpoints: readonly BoundEndpoint[] = sessionEndpoints({
  area: 'admin',
  access: 'signed-in',
  cookie: 'operator',
  operationIds: {
    list: 'adminListSessions',
    end: 'adminEndOwnSession',
    endOthers: 'adminEndOtherSessions',
  },
  life: 'One of a browser lives for half an hour after it was last used and for twelve at most, or shorter where the setting `sessions` says so; one of a program as long as its newest token.',
  of(context) {
    const operator = signedIn(context);
    const { sessions } = context.admin;
    return {
      listed: operator.listed,
      browser: operator.browserSession,
      list: () => sessions.list(operator.name),
      end: (id) => sessions.end(operator.name, id),
      endOthers: () => sessions.endOthers(operator),
    };
  },
});
