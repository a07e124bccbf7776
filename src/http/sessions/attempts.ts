import { PasswordsBusy } from '../../support/passwords.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';

export interface Bucket {
  readonly burst: number;
  readonly refillMs: number;
}

/** Attempts, counted for all processes together. */
export interface AttemptCounts {
  /** @returns 0, or for how long (ms) there is no attempt left */
  take(subject: string, limit: Bucket, now: Date): Promise<number>;
  forget(subject: string): Promise<void>;
}

export interface AttemptParts {
  readonly attempts: AttemptCounts;
  /** Names and addresses are counted under a keyed hash. */
  readonly hash: (subject: string) => string;
  readonly now: () => Date;
}

/** Six guesses at a name from one address, then one a minute: guesses from elsewhere do not keep its owner out. */
const PER_NAME: Bucket = { burst: 6, refillMs: 60_000 };
/** An office may share an address. */
const PER_ADDRESS: Bucket = { burst: 30, refillMs: 20_000 };

export const loginFailed = () =>
  new HttpFailure({
    status: 401,
    code: 'login_failed',
    text: { zh: '用户名或密码错误', en: 'The name or the password is wrong' },
  });

const tooManyLogins = (waitMs: number) =>
  new HttpFailure({
    status: 429,
    code: 'too_many_logins',
    text: { zh: '登录尝试过多，请稍后重试', en: 'Too many attempts to log in, please wait' },
    headers: { 'Retry-After': Math.ceil(waitMs / 1000).toString() },
  });

/**
 * Every attempt counts, right or wrong: a guess that is not looked at says nothing. Throws 429 `too_many_logins`.
 *
 * @param whose tells names of operators from those of people
 * @returns what to forget after a login that succeeded
 */
export async function admitAttempt(
  { attempts, hash, now }: AttemptParts,
  whose: '' | 'person ',
  { name, address }: { readonly name: string; readonly address: string | undefined },
): Promise<string> {
  const block = addressBlock(address);
  const subject = hash(`${whose}name:${name} from ${block}`);
  const at = now();
  const waits = [
    await attempts.take(hash(`${whose}address:${block}`), PER_ADDRESS, at),
    await attempts.take(subject, PER_NAME, at),
  ];
  const waitMs = Math.max(...waits);
  if (waitMs > 0) throw tooManyLogins(waitMs);
  return subject;
}

/** Takes one more attempt of a subject's. Throws 429 `too_many_logins`. */
export async function requireAttempt(
  { attempts, now }: AttemptParts,
  subject: string,
  bucket: Bucket,
): Promise<void> {
  const waitMs = await attempts.take(subject, bucket, now());
  if (waitMs > 0) throw tooManyLogins(waitMs);
}

/** Too many passwords are being worked on: 429 `too_many_logins`. Anything else goes on its way. */
export function orBusy(error: unknown): never {
  throw error instanceof PasswordsBusy ? tooManyLogins(1_000) : error;
}
