import { serviceTierNamed } from '../../../domain/pricing/service-tiers.js';
import { invalidRequest } from '../json/body.js';
import type { MemberRow } from './rows.js';

/**
 * The class of service that a request asks for: paid for by its ratio in the price, else a matter of the channel.
 * @param listed values that cost what the list says, in lower case; with `auto` upstream may choose
 */
export const serviceTierRow = (name: string, listed: readonly string[], how: string): MemberRow => ({
  names: [name],
  treatment: 'priced',
  how,
  allowance: 'service_tier',
  read: (value, asks, member) => {
    // Google's enums may be numbers.
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalidRequest(`"${member}" must be a class of service.`, member);
    const asked = String(value).toLowerCase();
    if (asked === 'auto') asks.serviceTier = 'any';
    if (listed.includes(asked)) return;
    const serviceTier = serviceTierNamed(asked);
    asks.serviceTier = serviceTier;
    asks.needs.push({ member, allowance: 'service_tier', serviceTier });
  },
});
