/**
 * Whether what is named in `via` still vouches: a service key does so until it is revoked, also where another process took it for seconds longer
 * and handed somebody over with it.
 */
export const STILL_VOUCHED = `(via IS NULL OR NOT EXISTS (
  SELECT FROM service_keys k WHERE 'service-key:' || k.id = via AND k.revoked_at IS NOT NULL))`;
