import type { UserState } from './user-badge.tsx';

/** What of the list is looked at, as the page's address says it. */
export interface UsersSearch {
  readonly q?: string | undefined;
  readonly status?: UserState | undefined;
  readonly after?: number | undefined;
}

const isState = (value: unknown): value is UserState =>
  value === 'enabled' || value === 'suspended' || value === 'erased';

// A search for digits alone comes from the address as a number.
export const readUsersSearch = ({ q, status, after }: Record<string, unknown>): UsersSearch => ({
  ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
  ...(isState(status) && { status }),
  ...(Number.isSafeInteger(after) && { after: after as number }),
});
