import type { GroupBy } from '../../usage/usage-search.ts';

/** By what people part their own figures. */
export const PORTAL_GROUPS: readonly GroupBy[] = ['model', 'key', 'none'];
