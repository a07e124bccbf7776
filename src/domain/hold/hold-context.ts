import { z } from 'zod';
import { callFields, priceFields } from '../usage/events.js';
import { instantField, modelField } from '../stored/fields.js';

/** The call id is the hold's own id. */
const call = z.object(callFields).omit({ call_id: true }).shape;

/** A call; the hold id is the call id. `channel_id` and `upstream_model` are those the call was first sent to. */
export const callContextFields = {
  kind: z.literal('call'),
  ...call,
  ...priceFields,
  channel_id: z.string().min(1).max(64),
  upstream_model: modelField,
  /** The revision of its usage stream behind which its ending must stand, -1 for anywhere; absent: its process did not know. */
  usage_after: z
    .string()
    .regex(/^(-1|\d{1,18})$/)
    .optional(),
};

/**
 * What a hold carries so that another process can resolve it when its owner is dead. Not a stored event, but processes of two
 * releases may read each other's: fields are only ever added, and optional.
 */
const holdContextSchema = z.discriminatedUnion('kind', [
  z.object(callContextFields),
  /** A refund (`payment-…`), a negative adjustment (`adjustment-…`) or what is left of a grant (`grant-…`): the event that ends the hold names it as `hold_id` in this stream. */
  z.object({ kind: z.enum(['refund', 'adjustment', 'grant']), stream: z.string().min(1).max(100) }),
  /** A lease (ADR 0050): what was charged in it is in the log, and its calls are known to its holder alone. */
  z.object({
    kind: z.literal('lease'),
    holder: z.string().min(1).max(100),
    /** The guard of the key. */
    key: z.string().regex(/^token:[1-9]\d{0,15}$/),
    taken_at: instantField,
  }),
]);
export type HoldContext = z.output<typeof holdContextSchema>;
export type CallContext = Extract<HoldContext, { kind: 'call' }>;
export type LeaseContext = Extract<HoldContext, { kind: 'lease' }>;

const utf8 = new TextEncoder();

/** The cache keeps no more of it. */
export const MAX_HOLD_CONTEXT_BYTES = 2048;

/** JSON text of a context. @throws RangeError above MAX_HOLD_CONTEXT_BYTES: model names and request ids must be bounded before. */
export function encodeHoldContext(context: HoldContext): string {
  const text = JSON.stringify(context);
  if (utf8.encode(text).length > MAX_HOLD_CONTEXT_BYTES) {
    throw new RangeError(`the context of a hold has at most ${MAX_HOLD_CONTEXT_BYTES} bytes`);
  }
  return text;
}

/** Undefined when the text was not written by encodeHoldContext. */
export function decodeHoldContext(text: string): HoldContext | undefined {
  try {
    return holdContextSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
