/** What stands behind `#` in a link that was mailed: no server is sent it, and no log has it. Empty where there is nothing. */
export const linkSecret = (): string => location.hash.slice(1);
