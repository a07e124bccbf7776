import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isAccessKey } from '../../domain/token/access-key.js';
import type { BudgetKey, Guard } from '../../balance/cached-balance.js';
import type { ReadModels } from '../../projections/read-models.js';
import type { AccessKeyView } from '../../projections/token/view.js';
import { RecentMap } from '../../support/recent-map.js';
import { CallRefused } from '../errors.js';
import { type AddressCheck, compileAllowedAddresses } from './allowed-addresses.js';
import { periodAt } from '../../domain/team/period.js';
import { matchesModel } from '../../domain/channel/models.js';

/** A key as the relay keeps it: the read model's view, compiled. */
export interface AccessKey {
  readonly view: AccessKeyView;
  readonly group: string;
  readonly allowsModel: (model: string) => boolean;
  readonly allowsAddress: AddressCheck;
  /** Those of every call; `budgetsAt` has those of a period with them. */
  readonly budgets: readonly BudgetKey[];
  readonly guards: readonly Guard[];
}

/** An unknown key is not asked for again so soon. Keys are random, so none can come true in between. */
const UNKNOWN_FOR_MS = 2_000;
/** How long a copy that a guard has called stale may lag behind in the read model. */
const CATCH_UP_MS = 2_000;
const CATCH_UP_STEP_MS = 20;

export interface AccessKeysDependencies {
  readonly readModels: Pick<ReadModels, 'accessKey'>;
  readonly hashKey: (accessKey: string) => string;
  readonly maxKeys: number;
}

/**
 * Copies of access keys, kept in this process. They may be old: every hold carries their revisions as guards, and a copy that a guard
 * calls stale is read again. Bounded; the least recently used goes first. The key itself is not kept, only a digest of it.
 */
export class AccessKeys {
  private readonly known: RecentMap<string, AccessKey | { readonly unknownUntil: number }>;

  constructor(private readonly dependencies: AccessKeysDependencies) {
    this.known = new RecentMap(dependencies.maxKeys);
  }

  /** Undefined when no such key was ever issued (or it was replaced). `cached`: the copy may be out of date. */
  async find(accessKey: string): Promise<{ readonly key: AccessKey | undefined; readonly cached: boolean }> {
    const digest = digestOf(accessKey);
    const entry = this.known.get(digest);
    if (entry) {
      if ('view' in entry) return { key: entry, cached: true };
      if (performance.now() < entry.unknownUntil) return { key: undefined, cached: true };
    }
    // What cannot be a key of ours costs no look-up, and no place among the known.
    if (!isAccessKey(accessKey)) return { key: undefined, cached: true };
    return { key: await this.reload(accessKey), cached: false };
  }

  /** Reads the key again. */
  async reload(accessKey: string): Promise<AccessKey | undefined> {
    const view = await this.dependencies.readModels.accessKey(this.dependencies.hashKey(accessKey));
    const key = view && compile(view);
    this.known.set(digestOf(accessKey), key ?? { unknownUntil: performance.now() + UNKNOWN_FOR_MS });
    return key;
  }

  /**
   * Reads the key again until the copy has seen `revision` of its token or account: the guard is raised before the read model
   * catches up. @throws CallRefused `ledger_unavailable` when it does not in time
   */
  async reloadUntil(accessKey: string, guard: Guard): Promise<AccessKey | undefined> {
    const deadline = performance.now() + CATCH_UP_MS;
    for (;;) {
      const key = await this.reload(accessKey);
      const seen = key?.guards.find((candidate) => candidate.key === guard.key);
      if (!seen || seen.revision >= guard.revision) return key;
      if (performance.now() > deadline) {
        throw new CallRefused({ code: 'ledger_unavailable', retryAfterMs: 1_000 });
      }
      await wait(CATCH_UP_STEP_MS);
    }
  }
}

function digestOf(accessKey: string): string {
  return hash('sha256', accessKey, 'base64');
}

function compile(view: AccessKeyView): AccessKey {
  const account: BudgetKey = `account:${view.accountId}`;
  const token: BudgetKey = `token:${view.tokenId}`;
  return {
    view,
    group: view.limits.group ?? view.accountGroup,
    allowsModel: compileAllowedModels(view.limits.models),
    allowsAddress: compileAllowedAddresses(view.limits.allow_ips),
    budgets: view.limits.quota_limit === null ? [account] : [account, token],
    guards: [
      { key: token, revision: view.tokenRevision },
      { key: account, revision: view.accountRevision },
      ...guardsOfTeam(view),
    ],
  };
}

/** Of the team, and of the member's own account: whoever changes one of them makes the copy stale. */
function guardsOfTeam({ team, accountId }: AccessKeyView): readonly Guard[] {
  if (!team) return [];
  const own = { key: `account:${team.memberId}`, revision: team.memberRevision } as const;
  const ofTeam = { key: `team:${team.teamId}`, revision: team.teamRevision } as const;
  return team.memberId === accountId ? [ofTeam] : [ofTeam, own];
}

/** What a call is held against that began then: in a team also what its member and its key may spend in the periods of that instant. */
export function budgetsAt({ view, budgets }: AccessKey, startedAt: string): readonly BudgetKey[] {
  if (view.team === undefined || view.team.budgets.length === 0) return budgets;
  const ms = Date.parse(startedAt);
  return [
    ...budgets,
    ...view.team.budgets.map((budget): BudgetKey => `budget:${budget.budgetId}:${periodAt(budget, ms).name}`),
  ];
}

/** Says whether a key may use a model: an empty list allows all, `*` in a name of it stands for any text. */
function compileAllowedModels(models: readonly string[]): (model: string) => boolean {
  if (models.length === 0) return () => true;
  const names = new Set(models);
  const patterns = models.filter((name) => name.includes('*'));
  return (model) => names.has(model) || patterns.some((pattern) => matchesModel(pattern, model));
}
