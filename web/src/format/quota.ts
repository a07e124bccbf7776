/** Exact quota of the API, `-1910.46`, with commas and a true minus: `−1,910.46`. */
export function decimalQuota(text: string): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return `${sign === '' ? '' : '−'}${BigInt(whole).toLocaleString('en-US')}${fraction}`;
}
