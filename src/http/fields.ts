import { isIP } from 'node:net';
import { z } from 'zod';
import { add, type Decimal, decimal, formatDecimal } from '../domain/money/decimal.js';
import { originOf, originOfUrl } from '../support/origins.js';
import { TURNS_READING, UNNAMABLE, UNSTORABLE, withoutUnseen } from '../support/clean-text.js';
import { isAddressable } from './external-user-id.js';
import { exactNumber, NumberText } from './json/number-text.js';
import { complaints, type FieldComplaint } from './validation.js';

const CHARACTERS = { zh: ' 个字符', en: ' characters' };

const issue = (complaint: FieldComplaint) => ({ code: 'custom' as const, params: { ...complaint } });

/** A string of so many Unicode code points. A required one (`min` 1) that is empty counts as missing. */
export const text = (min: 0 | 1, max: number) => textWithout(UNSTORABLE, min, max);

/** As `text`, and all in one line. */
export const nameText = (min: 0 | 1, max: number) => textWithout(UNNAMABLE, min, max);

/** What stands in both columns of a sign-in must be told from an address. */
export const usernameField = nameText(1, 50)
  .refine((name) => !/@/.test(name) && name.trim() === name, {
    params: complaints.type('不能包含 @，首尾不能有空格', 'must have no @, and no spaces at its ends'),
  })
  .refine((name) => !TURNS_READING.test(name) && withoutUnseen(name) !== '', {
    params: complaints.type('含有不允许的字符', 'contains characters that are not allowed'),
  })
  .meta({ minLength: 1, maxLength: 50, description: 'unique among all users; no `@`' });

function textWithout(forbidden: RegExp, min: 0 | 1, max: number) {
  return z
    .string()
    .superRefine((value, context) => {
      const complaint = complaintOfText(value, forbidden, min, max);
      if (complaint) context.addIssue(issue(complaint));
    })
    .meta({ minLength: min, maxLength: max });
}

function complaintOfText(
  value: string,
  forbidden: RegExp,
  min: number,
  max: number,
): FieldComplaint | undefined {
  if (value.length < min) return complaints.required;
  // No string of `max` code points has more than 2 × max UTF-16 units, so a long one is never spread.
  if (value.length > 2 * max || (value.length > max && [...value].length > max))
    return complaints.max(max.toString(), CHARACTERS);
  if (forbidden.test(value))
    return complaints.type('含有不允许的字符', 'contains characters that are not allowed');
  return undefined;
}

/** As `text`, limited in UTF-8 bytes. */
export function textOfBytes(maxBytes: number) {
  return z
    .string()
    .superRefine((value, context) => {
      if (Buffer.byteLength(value) > maxBytes)
        context.addIssue(issue(complaints.max(maxBytes.toString(), { zh: ' 字节', en: ' bytes' })));
      else if (UNSTORABLE.test(value))
        context.addIssue(
          issue(complaints.type('含有不允许的字符', 'contains characters that are not allowed')),
        );
    })
    .meta({ description: `at most ${maxBytes} bytes of UTF-8` });
}

/** An e-mail address of at most 100 code points; empty clears it. */
export const emailField = nameText(0, 100)
  .superRefine((value, context) => {
    if (value !== '' && value.length <= 200 && !z.regexes.email.test(value))
      context.addIssue(issue(complaints.email));
  })
  .meta({ minLength: 0, maxLength: 100, format: 'email' });

/** `https://shop.example.com`: the origin of pages, as browsers say it. */
export const originField = nameText(1, 300)
  .refine((value) => originOf(value) !== undefined, {
    params: complaints.type('应为 http(s) 源', 'must be an origin of http or https'),
  })
  .transform((value) => originOf(value) ?? value)
  .meta({ maxLength: 300, examples: ['https://shop.example.com'] });

/** An address of http or https. */
export const webAddressField = nameText(1, 2_000)
  .refine((value) => originOfUrl(value) !== undefined, {
    params: complaints.type('应为 http(s) 网址', 'must be an address of http or https'),
  })
  .meta({ maxLength: 2_000, examples: ['https://shop.example.com/account'] });

/** An address or a block of addresses: `203.0.113.7`, `2001:db8::/32`. */
export const addressField = z
  .string()
  .refine(isAddressOrBlock, {
    params: complaints.type('不是有效的 IP 地址或 CIDR', 'is not an address or a CIDR block'),
  })
  .meta({ examples: ['203.0.113.7', '10.0.0.0/8', '2001:db8::/32'] });

function isAddressOrBlock(value: string): boolean {
  const [address = '', prefix, ...more] = value.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

export const paymentIdField = nameText(1, 200).meta({
  minLength: 1,
  maxLength: 200,
  description: "the payment provider's id; credits once, for ever",
  examples: ['pi_3MtwBwLkdIwHu7ix28a3tqPa'],
});

export const externalUserIdField = nameText(1, 100).meta({
  minLength: 1,
  maxLength: 100,
  description: "the front end's own id of the user",
  examples: ['test_user_001'],
});

/** What accounts are called that people made for themselves: a front end's users are not called so. */
const SELF_MADE = /^self-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a user who may be new: one by which it can be asked for afterwards. */
export const newExternalUserIdField = externalUserIdField
  .superRefine((value, context) => {
    if (value !== '' && (!isAddressable(value) || SELF_MADE.test(value)))
      context.addIssue(issue(complaints.type('不能用作用户标识', 'cannot be the id of a front end’s user')));
  })
  .meta({
    minLength: 1,
    maxLength: 100,
    description:
      "the front end's own id of the user; none that parsers of addresses change (`.`, `..`, a backslash, `%2e`, spaces at its ends), none of `models`, `payments`, `topup`, `users`, and not `self-<uuid>`, as accounts are called that people made for themselves",
    examples: ['test_user_001'],
  });

export interface AmountLimits {
  /** Decimal text of dollars, both inclusive. */
  readonly minUsd: string;
  readonly maxUsd: string;
}

const MOST_PLACES = 6;

/**
 * A dollar amount as a JSON number or string: taken as the digits the caller wrote, never as a double.
 * Gives shortest decimal text (`10.0` and `1e1` are `10`).
 */
export function amountField(limits: AmountLimits) {
  const [min, max] = [decimal(limits.minUsd), decimal(limits.maxUsd)];
  return z
    .custom<NumberText | string>((value) => value instanceof NumberText || typeof value === 'string', {
      params: complaints.type('应为数字', 'must be a number'),
    })
    .meta({
      type: ['number', 'string'],
      minimum: Number(limits.minUsd),
      maximum: Number(limits.maxUsd),
      description: `US dollars, ${limits.minUsd} to ${limits.maxUsd}, at most ${MOST_PLACES} decimal places; taken as decimal text`,
      examples: [68.49, '68.49'],
    })
    .transform((value, context) => {
      const amount = exactNumber(value instanceof NumberText ? value.text : value);
      const complaint = amount
        ? complaintOfAmount(amount, min, max)
        : complaints.type('应为数字', 'must be a number');
      if (amount && !complaint) return formatDecimal(amount);
      context.addIssue(issue(value === '' || !complaint ? complaints.required : complaint));
      return z.NEVER;
    });
}

function complaintOfAmount(amount: Decimal, min: Decimal, max: Decimal): FieldComplaint | undefined {
  if (isLess(amount, min)) return complaints.min(formatDecimal(min));
  if (isLess(max, amount)) return complaints.max(formatDecimal(max));
  if (amount.scale > MOST_PLACES)
    return complaints.type(`最多 ${MOST_PLACES} 位小数`, `may have at most ${MOST_PLACES} decimal places`);
  return undefined;
}

function isLess(a: Decimal, b: Decimal): boolean {
  return add(a, { unscaled: -b.unscaled, scale: b.scale }).unscaled < 0n;
}
