import { basename } from 'node:path';
import { startLevel } from './levels.js';
import { startNginx } from './nginx.js';
import { startPortkey } from './portkey.js';
import { startCounterfoil } from './service.js';
import type { Subject } from './subject.js';

type Start = (upstreamPort: number) => Promise<Subject>;

const SUBJECTS: Readonly<Record<string, Start>> = {
  nginx: startNginx,
  portkey: startPortkey,
  L0: (port) => startLevel('L0', port),
  L1: (port) => startLevel('L1', port),
  L2: (port) => startLevel('L2', port),
};

/** `L3`, with a number of accounts, variables of its environment, and another checkout. */
const SERVICE = /^L3(?:\/(\d+))?((?:\+[A-Z_]+=[^+@]*)*)(?:@(.+))?$/;

/** What is asked for by a name such as `nginx`, `L3/2000` or `L3+UPSTREAM_IDLE_TIMEOUT_MS=5000@/home/me/before`. */
export function subjectOf(spec: string): Start {
  const match = SERVICE.exec(spec);
  if (!match) {
    const start = SUBJECTS[spec];
    if (!start) throw new Error(`no subject ${spec}: ${Object.keys(SUBJECTS).join(', ')}, L3`);
    return start;
  }
  const [, callers, variables = '', checkout] = match;
  const environment = Object.fromEntries(
    variables
      .split('+')
      .slice(1)
      .map((pair) => pair.split('=', 2) as [string, string]),
  );
  const name = [
    checkout === undefined ? 'Counterfoil L3' : `L3 of ${basename(checkout)}`,
    ...(callers === undefined ? [] : [`${callers} accounts`]),
    ...(variables === '' ? [] : [variables.slice(1).replaceAll('+', ' ')]),
  ].join(', ');
  const history = callers === undefined ? undefined : { callers: Number(callers), events: 0, accounts: 1 };
  return async (port) => ({ ...(await startCounterfoil(port, { checkout, environment, history })), name });
}
