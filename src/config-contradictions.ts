import type { VariableValues } from './config-variables.js';
import { isLoopback } from './support/loopback.js';

/** What a start is asked for beside the environment. */
interface AskedFor {
  readonly mockUpstream: boolean;
  readonly openOutbox: boolean;
  readonly testPayments: boolean;
  readonly workers: number | undefined;
}

/** What is right by itself, and not beside something else; for people to read. */
export function contradictionsIn(values: VariableValues, asked: AskedFor): readonly string[] {
  const { ROLE: role, HOST: host, SMTP_URL: smtpUrl } = values;
  const found: string[] = [];
  if (role !== 'all')
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'MASTER_KEY'] as const)
      if (values[name] === undefined)
        found.push(`${name}: needed by ROLE=${role}, whose processes share it with other roles`);
  if (asked.workers !== undefined && role !== 'relay')
    found.push(
      `--workers: only where ROLE is relay, and it is ${role}: the other roles are one process each, and with ROLE=all everything is in one (docs/operators.md, "Several relays on one machine")`,
    );
  if (
    values.EXTERNAL_API_AUTH === 'open' &&
    !isLoopback(host) &&
    values.EXTERNAL_API_OPEN_BEYOND_LOOPBACK !== 'yes'
  )
    found.push(
      `EXTERNAL_API_AUTH: open on ${host} lets everybody credit payments; state it twice with EXTERNAL_API_OPEN_BEYOND_LOOPBACK=yes`,
    );
  if (smtpUrl !== undefined && values.MAIL_FROM === undefined) found.push('MAIL_FROM: needed with SMTP_URL');
  if (smtpUrl !== undefined && values.PUBLIC_URL === undefined && !isLoopback(host))
    found.push('PUBLIC_URL: needed with SMTP_URL, since mails have links to this service');
  if (values.HOLD_LEASES === 'on' && values.REDIS_URL === undefined)
    found.push('HOLD_LEASES: only with REDIS_URL, since without it a hold costs nothing that a lease saves');
  if (values.CODES === 'on' && values.GRANTS !== 'on')
    found.push('CODES: only with GRANTS=on, since what a code gives is a grant');
  if (asked.mockUpstream && !(isLoopback(host) && role === 'all'))
    found.push(
      '--mock-upstream: only where ROLE is all and HOST is loopback, since it is paid for like a model',
    );
  if (values.REFERRALS === 'on' && values.GRANTS !== 'on')
    found.push('REFERRALS: only with GRANTS=on, since what somebody gets is a grant');
  if (values.PLANS === 'on' && values.GRANTS !== 'on')
    found.push('PLANS: only with GRANTS=on, since what a period gives is a grant');
  if (values.TRANSPARENCY === 'off' && values.LIABILITY === 'daily')
    found.push('LIABILITY: only with TRANSPARENCY, since balances are proved by what is signed');
  if (values.TRANSPARENCY === 'off' && values.ANCHORS_FILE !== undefined)
    found.push('ANCHORS_FILE: only with TRANSPARENCY, since nothing is signed that anchors could be given');
  if (asked.testPayments && !isLoopback(host))
    found.push('TEST_PAYMENTS: only where HOST is loopback, since whoever orders is credited without paying');
  if (asked.openOutbox && !(isLoopback(host) && smtpUrl === undefined))
    found.push('an open outbox: only where HOST is loopback and no SMTP_URL sends the mails');
  return found;
}
