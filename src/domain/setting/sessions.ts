import { z } from 'zod';

/** How long somebody stays signed in. It can be made shorter than it comes, and no longer: cookies and what is forgotten go by that. */
export const sessionTerms = z.object({
  /** Of people: since the session was last used, and at all. */
  idle_days: z.int().min(1).max(14),
  most_days: z.int().min(1).max(60),
  operator_idle_minutes: z.int().min(1).max(30),
  operator_most_hours: z.int().min(1).max(12),
});
export type SessionTerms = z.infer<typeof sessionTerms>;

export const firstSessionTerms: SessionTerms = {
  idle_days: 14,
  most_days: 60,
  operator_idle_minutes: 30,
  operator_most_hours: 12,
};
