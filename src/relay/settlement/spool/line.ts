import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodeEvent, encodeEvent } from '../../../domain/events/catalogue.js';
import type { Consumption } from '../settlement.js';

const lineSchema = z.object({ sum: z.string(), charge: z.record(z.string(), z.unknown()) });

/** One charge as a line of JSON with the checksum of its text, newline included. */
export function encodeLine(consumption: Consumption): string {
  const charge = JSON.stringify(encodeEvent({ type: 'consumption-recorded.v2', data: consumption }));
  return `{"sum":"${checksum(charge)}","charge":${charge}}\n`;
}

/** Undefined when the line is torn or was changed. */
export function decodeLine(line: string): Consumption | undefined {
  try {
    const { sum, charge } = lineSchema.parse(JSON.parse(line));
    if (sum !== checksum(JSON.stringify(charge))) return undefined;
    const event = decodeEvent('consumption-recorded.v2', charge);
    return event.type === 'consumption-recorded.v2' ? event.data : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
