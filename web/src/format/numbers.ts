const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** Groups of three with commas, in every language: 46,101,045. */
export const count = (value: number | bigint): string => exact.format(value).replace('-', '−');
