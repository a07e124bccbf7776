// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { givenPersonText } from '../stored/person-text.js';
import { actorField, numericId, quotaField, uuidField } from '../stored/fields.js';
import { budgetPeriods } from './period.js';

/** The account whose money the team spends; a team has no other name. */
const team_id = uuidField;

/** Somebody's account, which signs in for them. */
const member = { team_id, member_id: uuidField };

/** Whose calls a budget is of: all keys of a member, or one key. */
export const budgetScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('member'), member_id: uuidField }),
  z.object({ kind: z.literal('key'), token_id: numericId }),
]);
export type BudgetScope = z.infer<typeof budgetScope>;

export const teamEvents = {
  'team-created': z.object({ team_id, user_id: numericId, team_name: givenPersonText, by: actorField }),
  'team-member-added': z.object({ ...member, user_id: numericId, by: actorField }),
  /** Their keys are none from here on, and are revoked each. */
  'team-member-removed': z.object({ ...member, reason: givenPersonText.optional(), by: actorField }),
  /** What may be spent in each period from here on; of null, whatever the account has. */
  'budget-set': z.object({
    team_id,
    budget_id: uuidField,
    scope: budgetScope,
    quota: quotaField.nullable(),
    period: z.enum(budgetPeriods),
    /** In which days begin. */
    timezone: z.string().min(1).max(64),
    by: actorField,
  }),
};
