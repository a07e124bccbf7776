import { z } from 'zod';
import { ProviderUnavailable } from '../../reactions/payments/provider.js';
import { type Ask, jsonOf } from '../asking/ask.js';
import { codeWord } from '../asking/code-word.js';

/** What answers are read as, whatever version the account or its webhook has. */
export const STRIPE_VERSION = '2026-10-28.endive';

export interface StripeCall {
  readonly path: string;
  /** Sent as a form where it is there, else it is a GET. Nested names are written out: `line_items[0][quantity]`. */
  readonly form?: Readonly<Record<string, string>>;
  /** The same key is the same act, however often it is sent. */
  readonly idempotencyKey?: string;
}

/** Stripe said no, and why: a definite answer. */
export class StripeRefused extends Error {
  override readonly name = 'StripeRefused';
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`Stripe answered ${status} ${code}`);
  }
}

export interface StripeClient {
  /** @throws ProviderUnavailable where nothing is known, StripeRefused where Stripe said no */
  call<Schema extends z.ZodType>(schema: Schema, call: StripeCall): Promise<z.output<Schema>>;
}

const failure = z.object({ error: z.object({ code: codeWord.optional(), type: codeWord.optional() }) });

/** Five calls of an API: a client of 22 MB would be loaded for them. */
export function createStripeClient(ask: Ask, apiUrl: string, secretKey: string): StripeClient {
  return {
    call: async (schema, { path, form, idempotencyKey }) => {
      const answer = await ask({
        method: form ? 'POST' : 'GET',
        url: new URL(path, apiUrl),
        headers: {
          authorization: `Bearer ${secretKey}`,
          'stripe-version': STRIPE_VERSION,
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        body: form && new URLSearchParams(form).toString(),
      });
      const said = jsonOf(answer.text);
      if (answer.status >= 400) throw refusedBy(answer.status, said);
      const read = schema.safeParse(said);
      if (!read.success) throw new ProviderUnavailable('Stripe answered what nobody understands');
      return read.data;
    },
  };
}

function refusedBy(status: number, said: unknown): Error {
  // The same key is at work elsewhere: it is asked again.
  if (status === 409) return new ProviderUnavailable('Stripe is at work on it');
  const { data } = failure.safeParse(said);
  return new StripeRefused(status, data?.error.code ?? data?.error.type ?? 'unknown');
}
