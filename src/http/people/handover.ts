import { accountOfId } from '../../commands/login/lookup.js';
import type { SignIns } from '../../commands/login/factor-ports.js';
import type { Handovers, UserCredentials } from '../../commands/login/ports.js';
import { accountIdOf } from '../../commands/handling/identifiers.js';
import type { CommandDependencies } from '../../commands/handling/ports.js';
import type { Account } from '../../domain/account/state.js';
import { HttpFailure } from '../failure.js';
import { refused } from '../refusals.js';
import { type BrowserSessions, HANDED_OVER_MS, type Visitor } from '../sessions/browser-sessions.js';
import { hashOfLink, newLink } from './links.js';
import type { Entered, NewHandover } from './ports/handing-over.js';
import { noteSignIn } from './sign-in.js';
import { personOf, seconds } from './still-signed-in.js';

export interface HandoverParts {
  readonly ledger: Pick<CommandDependencies, 'store' | 'keyring'>;
  readonly credentials: Pick<UserCredentials, 'find'>;
  readonly sessions: BrowserSessions;
  readonly handovers: Handovers;
  readonly signIns: SignIns;
  readonly publicUrl: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
}

const handoverInvalid = () =>
  new HttpFailure({
    status: 400,
    code: 'handover_invalid',
    text: {
      zh: '入口链接无效、已使用或已过期，请从原系统重新进入',
      en: 'The link is not valid, was used, or has run out: come again from where you came',
    },
  });

async function livingAccount({ ledger }: HandoverParts, accountId: string): Promise<Account> {
  const account = await accountOfId(ledger, accountId);
  if (!account) throw refused({ code: 'account_not_found' });
  if (account.erased) throw refused({ code: 'account_erased' });
  return account;
}

/** The code stands behind `#`, where no log has it, and is kept as a keyed hash. */
export async function handOver(
  parts: HandoverParts,
  { externalUserId, forMs, ...handover }: NewHandover,
): Promise<{ readonly url: string; readonly expiresAt: Date }> {
  const { accountId } = await livingAccount(parts, accountIdOf(externalUserId));
  const { secret, secretHash } = newLink(parts, 'handover');
  const expiresAt = new Date(parts.now().getTime() + forMs);
  await parts.handovers.add({ accountId, ...handover }, secretHash, expiresAt);
  return { url: `${parts.publicUrl()}/portal/enter#${secret}`, expiresAt };
}

/** The session ends with the service key, with a change of the password, and after eight hours; it cannot change how the person signs in. */
export async function enter(parts: HandoverParts, code: string, visitor: Visitor): Promise<Entered> {
  const found = await parts.handovers.take(hashOfLink(parts, 'handover', code), parts.now());
  if (!found) throw handoverInvalid();
  const { accountId, via, returnUrl, page, language } = found;
  const account = await livingAccount(parts, accountId);
  const generation = (await parts.credentials.find(accountId))?.generation ?? 0n;
  const { session, secret } = await parts.sessions.begin(
    { accountId },
    { generation, method: 'handover', handedOver: { via, returnUrl, forMs: HANDED_OVER_MS } },
    visitor,
  );
  await noteSignIn(parts, accountId, 'handover', visitor);
  const person = personOf(account, {
    generation,
    since: seconds(session.provenAt),
    session,
    listed: session.id,
  });
  return { person, secret, page, language };
}
