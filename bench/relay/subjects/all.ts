import { basename } from 'node:path';
import { type Level, startLevel } from './levels.js';
import { startNginx } from './nginx.js';
import { startPortkey } from './portkey.js';
import { startCounterfoil } from './service.js';
import type { Subject } from './subject.js';

type Start = (upstreamPort: number) => Promise<Subject>;

const OTHERS: Readonly<Record<string, Start>> = { nginx: startNginx, portkey: startPortkey };

/** A level, with a number of accounts, or the key of a team's member, variables of its environment, and another checkout; the first and the last of `L3` alone. */
const OURS = /^(L[0-3])(?:\/(\d+|team))?((?:\+[A-Z_]+=[^+@]*)*)(?:@(.+))?$/;

/** Calls are held against four budgets then: account, key, and those of the member and of the key. */
const TEAM = 'team';

/** What is asked for by a name such as `nginx`, `L1`, `L3/2000`, `L3/team` or `L3+UPSTREAM_IDLE_TIMEOUT_MS=5000@/home/me/before`. */
export function subjectOf(spec: string): Start {
  const [, level, callers, variables = '', checkout] = OURS.exec(spec) ?? [];
  if (level === undefined) {
    const start = OTHERS[spec];
    if (!start) throw new Error(`no subject ${spec}: ${Object.keys(OTHERS).join(', ')}, L0 to L3`);
    return start;
  }
  const pairs = variables.split('+').slice(1);
  const environment = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const name = [
    checkout === undefined ? `Counterfoil ${level}` : `${level} of ${basename(checkout)}`,
    ...(callers === undefined ? [] : [callers === TEAM ? "a team's key" : `${callers} accounts`]),
    ...(pairs.length === 0 ? [] : [pairs.join(' ')]),
  ].join(', ');
  if (level !== 'L3')
    return async (port) => ({ ...(await startLevel(level as Level, port, [], environment)), name });
  const isTeam = callers === TEAM;
  const history =
    callers === undefined || isTeam ? undefined : { callers: Number(callers), events: 0, accounts: 1 };
  const options = { checkout, environment, history, isTeam };
  return async (port) => ({ ...(await startCounterfoil(port, options)), name });
}
