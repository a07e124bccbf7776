import { v5 } from 'uuid';

// Namespaces are in the names of streams: they never change.
const ACCOUNT = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c01';
const PAYMENT = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c02';
const ADJUSTMENT = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c03';
const HOLD = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c04';
const ORDER = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c05';
const ORDER_FLAG = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c06';
const REFUND = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c07';
const GRANT = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c08';
const CODE_BATCH = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0a';
const BUDGET = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0d';
const CASH = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0e';
const SUBSCRIPTION = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0b';
const REFERRAL = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0d';

/** As bytes, because the library refuses half a surrogate pair in a string. */
const uuid5 = (name: string, namespace: string): string => v5(Buffer.from(name), namespace);

export const accountIdOf = (externalUserId: string): string => uuid5(externalUserId, ACCOUNT);
export const paymentUuidOf = (paymentId: string): string => uuid5(paymentId, PAYMENT);
export const adjustmentUuidOf = (adjustmentId: string): string => uuid5(adjustmentId, ADJUSTMENT);

export const grantIdOf = (source: string): string => uuid5(source, GRANT);
export const codeBatchIdOf = (reference: string): string => uuid5(reference, CODE_BATCH);
/** One what a provider calls so. */
export const cashIdOf = (providerId: string, kind: string, reference: string): string =>
  uuid5(JSON.stringify([providerId, kind, reference]), CASH);
/** One an account that was invited. */
export const referralIdOf = (accountId: string): string => uuid5(accountId, REFERRAL);
/** One an account and plan, however often it is bought. */
export const subscriptionIdOf = (accountId: string, planId: string): string =>
  uuid5(JSON.stringify([accountId, planId]), SUBSCRIPTION);
/** One a team and member or key, however often it is set. */
export const budgetIdOf = (teamId: string, scope: string): string =>
  uuid5(JSON.stringify([teamId, scope]), BUDGET);
export const orderUuidOf = (orderId: string): string => uuid5(orderId, ORDER);
export const refundUuidOf = (refundId: string): string => uuid5(refundId, REFUND);
/** The flag of an order for one thing that does not fit: the same however often it is met. */
export const orderFlagIdOf = (orderId: string, what: string): string =>
  uuid5(JSON.stringify([orderId, what]), ORDER_FLAG);
/** The flag of money that is for no order: one a payment of a provider. */
export const strayFlagIdOf = (providerId: string, providerPayment: string): string =>
  uuid5(JSON.stringify(['stray', providerId, providerPayment]), ORDER_FLAG);

/** The hold of a refund or a negative correction. The quota is part of it, so that two requests that differ in it never share a hold. */
export const holdIdOf = (...parts: readonly (string | bigint)[]): string =>
  uuid5(JSON.stringify(parts.map(String)), HOLD);

/**
 * The id of an event: the same for every repetition of one append, another for every other invocation of a command.
 * Two callers that decide the same at once must not both be told that theirs was appended: one of them meets a conflict,
 * reads again, and finds that it was already done.
 */
export const eventIdOf = (
  invocationId: string,
  stream: string,
  expected: bigint | 'no-stream',
  index: number,
) => uuid5(`${stream}@${expected}#${index}`, invocationId);
