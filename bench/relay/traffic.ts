/** What is sent and what comes back. The upstream tells them apart by the model's name. */
export type Traffic = 'json-1k' | 'json-50k' | 'sse-burst' | 'sse-paced' | 'sse-idle';

export const TRAFFICS: readonly Traffic[] = ['json-1k', 'json-50k', 'sse-burst', 'sse-paced', 'sse-idle'];

/** Events of a stream, `[DONE]` included; of paced streams one comes every PACE_MS. */
export const STREAM_EVENTS = 67;
export const PACE_MS = 20;
/** How long an idle stream says nothing after its first event. */
export const IDLE_MS = 15_000;

/** Every answer reports this, so that what the ledger must have charged is the number of answers times one charge. */
export const USAGE = { prompt_tokens: 100, completion_tokens: 64, total_tokens: 164 } as const;

/** A request body of the size the traffic's name says. */
export function requestBody(traffic: Traffic): Buffer {
  const bytes = traffic === 'json-50k' ? 50 * 1024 : 1024;
  const request = (text: string) => ({
    model: traffic,
    messages: [{ role: 'user', content: text }],
    max_tokens: 256,
    ...(traffic.startsWith('sse') ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
  const frame = JSON.stringify(request('')).length;
  return Buffer.from(
    JSON.stringify(request('The quick brown fox. '.repeat(bytes / 20).slice(0, bytes - frame))),
  );
}
