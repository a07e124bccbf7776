import type { components } from '../generated/api.ts';

export type Team = components['schemas']['Team'];
export type Member = Team['members'][number];
export type Budget = components['schemas']['Budget'];

/** A budget as it is sent. */
export interface BudgetBody {
  readonly amount_usd?: string;
  readonly unlimited?: boolean;
  readonly period: Budget['period'];
  readonly timezone: string;
}

/** What of a team may be changed by who looks at it. */
export interface TeamActs {
  readonly refreshes: readonly string[];
  create(name: string): Promise<unknown>;
  add(member: string): Promise<unknown>;
  remove(member: string, reason: string): Promise<unknown>;
  memberBudget(member: string, budget: BudgetBody): Promise<unknown>;
  keyBudget(tokenId: number, budget: BudgetBody): Promise<unknown>;
  assign(tokenId: number, member: string): Promise<unknown>;
}

/** A key of the account, as it is chosen by. */
export interface TeamKey {
  readonly tokenId: number;
  readonly name: string;
}
