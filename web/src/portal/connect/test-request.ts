import { type Dialect, speaking } from '../calls/dialects.ts';
import { callRelay, ephemeralKey, requestIdOf } from '../calls/relay.ts';

/** What came of a test request. */
export interface Tested {
  readonly answer: string;
  readonly milliseconds: number;
  /** Quota; undefined where the answer did not say it. */
  readonly charge: number | undefined;
  readonly requestId: string | undefined;
}

const PROMPT = 'Say hello.';
const MOST_TOKENS = 64;

/**
 * A small call of the model, as the tool makes them.
 * @param secret undefined: with a key of the moment
 * @throws ApiFailure with what the relay answered
 */
export async function sendTest(dialect: Dialect, model: string, secret?: string): Promise<Tested> {
  const { request, whole } = speaking[dialect];
  const said = [{ by: 'user', text: PROMPT }] as const;
  const call = request({ model, system: '', said, mostTokens: MOST_TOKENS, streams: false });
  const key = secret ?? (await ephemeralKey()).secret;
  const began = performance.now();
  const reply = await callRelay(call, key);
  const sent: unknown = await reply.json();
  const charge = reply.headers.get('x-counterfoil-charge');
  return {
    answer: whole(sent),
    milliseconds: Math.round(performance.now() - began),
    charge: charge === null ? undefined : Number(charge),
    requestId: requestIdOf(reply),
  };
}
