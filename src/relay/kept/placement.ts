import type { Reference } from '../dialects/request-members/asks.js';
import { CallRefused, type RelayError } from '../errors.js';
import type { Channel, ServingChannel } from '../upstreams/channel.js';
import type { Kept, KeptThings } from './kept-things.js';

/** Where a call must go because of what it refers to. */
export interface Placement {
  readonly allows: (channel: Channel) => boolean;
  /** What the call is refused with when no channel is left. */
  readonly otherwise: RelayError | undefined;
  /** What an earlier response adds to the prompt, where that is all that is referred to and its tokens are known. */
  readonly promptTokens: number | undefined;
}

/**
 * Where the things are that a request refers to. The account's own send the call to the channel and key that keep them. What another
 * account's call has left is not found. Of what no call of ours has left nobody knows whose it is: it goes where nobody but the account
 * has ever left anything, or where the channel's operator allows it; only there, where it is of a kind that nothing but calls leaves.
 * @throws CallRefused `reference_not_found`; rejects when the record cannot be asked
 */
export async function placementOf(
  kept: KeptThings,
  accountId: string,
  references: readonly Reference[],
): Promise<Placement> {
  const ids = [...new Set(references.map(({ id }) => id))];
  const found = await kept.find(accountId, ids);
  let home: Kept | undefined;
  let stranger: Reference | undefined;
  for (const reference of references) {
    const at = found.get(reference.id);
    if (!at) stranger ??= reference;
    else if (at.accountId !== accountId || (home && keyName(home) !== keyName(at)))
      throw new CallRefused(notFound(reference));
    else home = at;
  }
  const shared = stranger && (await kept.sharedKeys(accountId));
  const isForeign = references.some(({ id, mustBeKnown }) => mustBeKnown && !found.has(id));
  const homeKey = home && keyName(home);
  return {
    allows: (channel) =>
      (homeKey === undefined || keyName(channel) === homeKey) &&
      (!(isForeign || shared?.has(keyName(channel))) || channel.settings.allowed_members.includes('stored')),
    otherwise: stranger && notFound(stranger),
    promptTokens: references.every(isEarlierResponse) ? home?.tokens || undefined : undefined,
  };
}

/** The channels with the keys to which the call may go. @throws CallRefused `reference_not_found`, `no_channel` */
export function placed(
  channels: readonly ServingChannel[],
  placement: Placement | undefined,
  model: string,
): readonly ServingChannel[] {
  if (!placement) return channels;
  const left = channels.flatMap((channel) => {
    const keys = channel.keys.filter(placement.allows);
    return keys.length === 0 ? [] : [{ ...channel, keys }];
  });
  if (left.length === 0) throw new CallRefused(placement.otherwise ?? { code: 'no_channel', model });
  return left;
}

export const keyName = ({ channelId, keyId }: Pick<Channel, 'channelId' | 'keyId'>): string =>
  `${channelId}/${keyId}`;

const isEarlierResponse = ({ member }: Reference): boolean => member === 'previous_response_id';

const notFound = ({ member, id }: Reference): RelayError => ({ code: 'reference_not_found', member, id });
