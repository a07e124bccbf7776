const PREFIX = 'code:';

/** The natural key of what a code gives: a grant is named by it, so that the code is used once. */
export const sourceOfCode = (codeHash: string): string => `${PREFIX}${codeHash}`;

/** The hash of the code that a grant was given for; undefined for other grants. */
export const codeOfSource = (source: string): string | undefined =>
  source.startsWith(PREFIX) ? source.slice(PREFIX.length) : undefined;
