import { addressBlock } from '../../support/address-block.js';
import { isLoopback } from '../../support/loopback.js';
import { HttpFailure } from '../failure.js';
import type { AttemptParts, Bucket } from '../sessions/attempts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Five registrations an hour from an address. */
const REGISTRATIONS: Bucket = { burst: 5, refillMs: HOUR / 5 };
/** One mail a minute, five a day to a recipient, so that nobody's mailbox is filled by us (sub2api#5454). */
const TO_ONE: readonly (readonly [name: string, Bucket])[] = [
  ['minute', { burst: 1, refillMs: MINUTE }],
  ['day', { burst: 5, refillMs: DAY / 5 }],
];
/** Twenty an hour that one address asks for, so that nobody uses up alone what there is for all. */
const FROM_ONE: Bucket = { burst: 20, refillMs: HOUR / 20 };
/** And two hundred an hour in all. */
const IN_ALL: Bucket = { burst: 200, refillMs: HOUR / 200 };

const tooMany = (waitMs: number, zh: string, en: string, code: string) =>
  new HttpFailure({
    status: 429,
    code,
    text: { zh, en },
    headers: { 'Retry-After': Math.ceil(waitMs / 1000).toString() },
  });

/** Throws 429 `too_many_registrations`. Whoever is on this machine can do worse. */
export async function admitRegistration(
  { attempts, hash, now }: AttemptParts,
  address: string | undefined,
): Promise<void> {
  if (address !== undefined && isLoopback(address)) return;
  const subject = hash(`registration from ${addressBlock(address)}`);
  const waitMs = await attempts.take(subject, REGISTRATIONS, now());
  if (waitMs > 0)
    throw tooMany(
      waitMs,
      '注册过于频繁，请稍后再试',
      'Too many registrations, please wait',
      'too_many_registrations',
    );
}

/**
 * Counts a mail that somebody asked for, whether or not one is sent: the answer must not tell whether there is such an address. Throws 429
 * `too_many_mails`.
 *
 * @param asker where strangers ask from; absent: an operator does
 */
export async function admitMail(
  { attempts, hash, now }: AttemptParts,
  recipient: string,
  asker?: { readonly address: string | undefined },
): Promise<void> {
  const at = now();
  let waitMs = 0;
  if (asker && !(asker.address !== undefined && isLoopback(asker.address)))
    waitMs = await attempts.take(hash(`mails from ${addressBlock(asker.address)}`), FROM_ONE, at);
  for (const [name, bucket] of TO_ONE)
    waitMs ||= await attempts.take(hash(`mail a ${name} to ${recipient.toLowerCase()}`), bucket, at);
  waitMs ||= await attempts.take(hash('mails'), IN_ALL, at);
  if (waitMs > 0)
    throw tooMany(waitMs, '邮件发送过于频繁，请稍后再试', 'Too many mails, please wait', 'too_many_mails');
}
