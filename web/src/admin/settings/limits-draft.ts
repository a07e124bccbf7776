/** What may be asked of a limit. */
export const FIGURES = ['requests_per_minute', 'tokens_per_minute', 'concurrent_calls'] as const;
type Figure = (typeof FIGURES)[number];

/** Whom a limit is of, beside groups. */
export const SCOPES = ['global', 'user', 'key'] as const;
type Scope = (typeof SCOPES)[number];

/** Texts, until they are sent; an empty one is no limit. */
export type LimitDraft = Readonly<Record<Figure, string>>;
export type GroupDraft = LimitDraft & { readonly group: string };

export type LimitsDraft = Readonly<Record<Scope, LimitDraft>> & { readonly groups: readonly GroupDraft[] };

type Limit = Partial<Readonly<Record<Figure, number>>>;
type LimitsValue = Partial<Readonly<Record<Scope, Limit>>> & {
  readonly groups?: Readonly<Record<string, Limit>>;
};

const NO_LIMIT: LimitDraft = { requests_per_minute: '', tokens_per_minute: '', concurrent_calls: '' };
export const NEW_GROUP: GroupDraft = { group: '', ...NO_LIMIT };

const draftOf = (limit: Limit = {}): LimitDraft => {
  const typed = (name: Figure) => (limit[name] ? String(limit[name]) : '');
  return {
    requests_per_minute: typed('requests_per_minute'),
    tokens_per_minute: typed('tokens_per_minute'),
    concurrent_calls: typed('concurrent_calls'),
  };
};

export function limitsDraftOf(value: unknown): LimitsDraft {
  const { global, user, key, groups = {} } = value as LimitsValue;
  return {
    ...{ global: draftOf(global), user: draftOf(user), key: draftOf(key) },
    groups: Object.entries(groups).map(([group, limit]) => ({ group, ...draftOf(limit) })),
  };
}

/** What is no whole number is sent as it was typed, and refused by the API beside its field. */
const figureOf = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

const limitOf = (draft: LimitDraft): object =>
  Object.fromEntries(
    FIGURES.map((name) => [name, draft[name].trim()] as const)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => [name, figureOf(text)]),
  );

const isSet = (limit: object): boolean => Object.keys(limit).length > 0;

/** Limits that were left empty are none. */
export function limitsOf({ groups, ...scopes }: LimitsDraft): object {
  const ofScopes = SCOPES.map((scope) => [scope, limitOf(scopes[scope])] as const);
  const ofGroups = groups.map((draft) => [draft.group.trim(), limitOf(draft)] as const);
  return {
    ...Object.fromEntries(ofScopes.filter(([, limit]) => isSet(limit))),
    ...(ofGroups.length > 0 && { groups: Object.fromEntries(ofGroups) }),
  };
}

/** Two rows of one group would be one limit, and nobody could say which. */
export const hasGroupTwice = ({ groups }: LimitsDraft): boolean =>
  new Set(groups.map(({ group }) => group.trim())).size < groups.length;

/** The place of a figure, as the API names it. */
export const limitField = (of: string, name: Figure): string => `value.${of}.${name}`;
export const groupOf = (group: string): string => `groups.${group.trim()}`;

/** What of the API's complaints the form says beside its fields. */
export const limitFields = ({ groups }: LimitsDraft): readonly string[] => [
  ...[...SCOPES, ...groups.map(({ group }) => groupOf(group))].flatMap((of) =>
    FIGURES.map((name) => limitField(of, name)),
  ),
  ...groups.map(({ group }) => `value.${groupOf(group)}`),
];
