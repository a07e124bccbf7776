/** A key of a moment: of the Playground, which forgets it. */
export const EPHEMERAL_SECONDS = 600;
/** The most that one may spend: $1. */
export const EPHEMERAL_QUOTA = 500_000n;

/** Others live for a day at least; between what was decided and what was recorded lies the time of an append. */
export const MOST_EPHEMERAL_SECONDS = 2 * EPHEMERAL_SECONDS;
