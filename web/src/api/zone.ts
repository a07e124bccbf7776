import { useQuery } from '@tanstack/react-query';
import { statusQuery } from './status.ts';

/** The ledger's zone, in which its days begin; UTC until the service has said it. */
export const useZone = (): string => useQuery(statusQuery).data?.timezone ?? 'UTC';
