import { z } from 'zod';
import { type Sighting, sightingKinds } from '../../domain/order/sighting.js';
import { currencyField, minorField } from '../../domain/stored/fields.js';

const sighting = z.object({
  orderId: z.string(),
  providerPayment: z.string(),
  merchant: z.string(),
  currency: currencyField,
  amountMinor: minorField,
  at: z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (at) => at.toISOString(),
  }),
  what: z.enum(sightingKinds),
  disputeId: z.string().optional(),
  refundId: z.string().optional(),
  why: z.string().optional(),
});

/** Sightings as they are kept beside a notification. */
export const writeSightings = (sightings: readonly Sighting[]): string =>
  JSON.stringify(sightings.map((each) => z.encode(sighting, each)));

export const readSightings = (kept: unknown): readonly Sighting[] => z.array(sighting).parse(kept);
