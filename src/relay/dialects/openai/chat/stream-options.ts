import { z } from 'zod';
import type { JsonEdit } from '../../json/members.js';

export const streamOptions = z.looseObject({ include_usage: z.boolean().nullish() }).nullish();
export type StreamOptions = z.infer<typeof streamOptions>;

/** Upstream is always asked for the usage chunk of a stream: what it was not asked for by the client is not shown to it. */
export function usageEdits(streamed: boolean, options: StreamOptions): readonly JsonEdit[] {
  if (!streamed || options?.include_usage === true) return [];
  return [{ name: 'stream_options', json: JSON.stringify({ ...options, include_usage: true }) }];
}
