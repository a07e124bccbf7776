import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodeEvent, encodeEvent } from '../../../domain/events/catalogue.js';
import type { Consumption } from '../settlement.js';

const lineSchema = z.object({
  sum: z.string(),
  /** The stored name of the charge. Lines did not always say it: those were all of this one. */
  type: z.string().default('consumption-recorded.v2'),
  charge: z.record(z.string(), z.unknown()),
});

/** One charge as a line of JSON with the checksum of its text, newline included. */
export function encodeLine(consumption: Consumption): string {
  const { type, data } = encodeEvent({ type: 'consumption-recorded', data: consumption });
  const charge = JSON.stringify(data);
  return `{"sum":"${checksum(charge)}","type":"${type}","charge":${charge}}\n`;
}

/** Undefined when the line is torn or was changed. */
export function decodeLine(line: string): Consumption | undefined {
  try {
    const { sum, type, charge } = lineSchema.parse(JSON.parse(line));
    if (sum !== checksum(JSON.stringify(charge))) return undefined;
    const event = decodeEvent(type, charge);
    return event.type === 'consumption-recorded' ? event.data : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
