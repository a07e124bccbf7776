import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodeEvent, encodeEvent } from '../../../domain/events/codec.js';
import type { Consumption } from '../settlement.js';

export interface SpooledCharge {
  readonly consumption: Consumption;
  /** Where its ending is looked for begins behind this revision; undefined: by the time of its start. */
  readonly after?: bigint | undefined;
}

const lineSchema = z.object({
  sum: z.string(),
  /** The stored name of the charge. Lines did not always say it: those were all of this one. */
  type: z.string().default('consumption-recorded.v2'),
  /** A sum of its own: a line without it is as good, and releases that do not know it read the rest. */
  after: z.tuple([z.string().regex(/^(-1|\d{1,18})$/), z.string()]).optional(),
  charge: z.record(z.string(), z.unknown()),
});

/** One charge as a line of JSON with the checksum of its text, newline included. */
export function encodeLine(consumption: Consumption, after?: bigint): string {
  const { type, data } = encodeEvent({ type: 'consumption-recorded', data: consumption });
  const charge = JSON.stringify(data);
  const place = after === undefined ? '' : `"after":["${after}","${placeSum(after, consumption)}"],`;
  return `{"sum":"${checksum(charge)}","type":"${type}",${place}"charge":${charge}}\n`;
}

/** Undefined when the line is torn or was changed. */
export function decodeLine(line: string): SpooledCharge | undefined {
  try {
    const { sum, type, after, charge } = lineSchema.parse(JSON.parse(line));
    if (sum !== checksum(JSON.stringify(charge))) return undefined;
    const event = decodeEvent(type, charge);
    if (event.type !== 'consumption-recorded') return undefined;
    const consumption = event.data;
    if (after?.[1] !== placeSum(after?.[0] ?? '', consumption)) return { consumption };
    return { consumption, after: BigInt(after[0]) };
  } catch {
    return undefined;
  }
}

const placeSum = (after: bigint | string, { call_id }: Consumption): string =>
  checksum(`${call_id} ${after}`);

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
