const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** Groups of three with commas, in every language: 46,101,045. */
export const count = (value: number | bigint): string => exact.format(value).replace('-', '−');

/** Where the exact figure is one click away: 34.1 M. */
export const shortCount = (value: number): string => short.format(value).replace(/(?=[KMBT]$)/, ' ');

/** Two places, of which the last may say little: 2.08 of 2,084 ms. */
export const secondsOf = (ms: number): string => (ms / 1_000).toFixed(2);
