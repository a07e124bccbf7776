const PREFIX = 'ref:';

/** The natural key of what an order brings to whoever invited its user, and of what of it was given again after something had gone back. */
export const sourceOfReward = (orderId: string, times: number): string =>
  times === 0 ? `${PREFIX}${orderId}` : `${PREFIX}${orderId}:${times}`;

/** The order that a grant was given for in this way; undefined for other grants. */
export const orderOfReward = (source: string): string | undefined =>
  source.startsWith(PREFIX) ? source.slice(PREFIX.length).split(':')[0] : undefined;
