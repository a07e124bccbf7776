import type { BudgetPeriod } from '../../domain/team/period.js';
import type { Command } from '../handling/command.js';

/** The account that the team spends of. */
interface OfTeam {
  readonly externalUserId: string;
}

interface OfMember extends OfTeam {
  /** The external id of their own account. */
  readonly member: string;
}

export interface CreateTeam extends OfTeam {
  readonly name: string;
}

export interface RemoveTeamMember extends OfMember {
  /** Recorded. */
  readonly reason?: string | undefined;
}

export interface SetBudget extends OfTeam {
  /** Of all keys of a member, or of one key that is a member's. */
  readonly of: { readonly member: string } | { readonly tokenId: number };
  /** Quota a period; null: no budget any more. */
  readonly quota: bigint | null;
  readonly period: BudgetPeriod;
  /** An IANA name. */
  readonly timezone: string;
}

export interface AssignToken extends OfMember {
  readonly tokenId: number;
}

interface TeamChanged {
  readonly teamId: string;
}

/** Teams that spend an account's money, each member by keys of their own. */
export interface TeamCommands {
  /** An account has one team at most; again it is the team that there is. */
  readonly createTeam: Command<CreateTeam, TeamChanged>;
  readonly addTeamMember: Command<OfMember, TeamChanged>;
  /** Their keys are refused on every node before it answers, and revoked. */
  readonly removeTeamMember: Command<RemoveTeamMember, TeamChanged>;
  readonly setBudget: Command<SetBudget, TeamChanged & { readonly budgetId: string }>;
  /** From here on the key is a member's. */
  readonly assignToken: Command<AssignToken, TeamChanged>;
}
