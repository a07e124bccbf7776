import { z } from 'zod';

const inBothLanguages = (most: number) =>
  z.object({ zh: z.string().min(1).max(most), en: z.string().min(1).max(most) });

const link = z.object({
  text: inBothLanguages(40),
  /** Where it leads: a page, or an address that is written to. */
  url: z.url({ protocol: /^(https?|mailto)$/ }).max(500),
});

/** How the Portal presents who runs it. */
export const portalTerms = z.object({
  /** What stands beside the mark, and what tools call the service. */
  name: z.string().min(1).max(40),
  /** Shown above every page; null: nothing is. */
  notice: inBothLanguages(500).nullable(),
  /** At the foot of the menu: terms, help, contact. */
  links: z.array(link).max(5),
});
export type PortalTerms = z.infer<typeof portalTerms>;

/** The same as an operator must write them. */
export const portalTermsInput = z.strictObject({
  name: z.string().trim().min(1).max(40),
  notice: inBothLanguages(500).strict().nullable(),
  links: z.array(link.extend({ text: inBothLanguages(40).strict() }).strict()).max(5),
});

export const firstPortalTerms: PortalTerms = { name: 'Counterfoil', notice: null, links: [] };
