export const userTabs = ['changes', 'keys', 'month'] as const;
export type UserTab = (typeof userTabs)[number];

/** What of a user is looked at, as the page's address says it. */
export interface UserSearch {
  readonly tab?: UserTab;
}

export const readUserSearch = ({ tab }: Record<string, unknown>): UserSearch => {
  const known = userTabs.find((each) => each === tab);
  return known ? { tab: known } : {};
};
