import { ProviderUnavailable } from '../../../reactions/payments/provider.js';
import type { FailureRow } from '../../endpoint.js';
import { HttpFailure } from '../../failure.js';

export const providerAway: FailureRow = [503, 'provider_unavailable', '支付渠道暂时不可用，请稍后重试'];

/** Turns a provider that cannot be reached into the 503 of the contract. */
export async function unlessAway<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    const [status, code, zh] = providerAway;
    throw new HttpFailure({
      status,
      code,
      text: { zh, en: 'The payment provider cannot be reached at the moment, please retry' },
      headers: { 'Retry-After': '5' },
    });
  }
}
