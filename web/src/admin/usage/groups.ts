import type { GroupBy } from '../../usage/usage-search.ts';

/** By what operators part the figures. */
export const ADMIN_GROUPS: readonly GroupBy[] = ['model', 'user', 'key', 'channel', 'group', 'none'];
