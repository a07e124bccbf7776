const take = (text: string): readonly [digits: bigint, places: number] => {
  const [, whole = '0', fraction = ''] = /^(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  return [BigInt(whole + fraction), fraction.length];
};

const give = (digits: bigint, places: number): string => {
  const text = digits.toString().padStart(places + 1, '0');
  const cut = text.length - places;
  return places === 0 ? text : `${text.slice(0, cut)}.${text.slice(cut)}`.replace(/\.?0+$/, '');
};

/** The exact product of decimal texts without sign. */
export function product(...factors: readonly string[]): string {
  let [digits, places] = [1n, 0];
  for (const factor of factors) {
    const [more, further] = take(factor);
    digits *= more;
    places += further;
  }
  return give(digits, places);
}

const PLACES = 6;

/** With two places at least and six at most: a price is `$2.50`, and `$0.075` where it is. */
export function priceText(usd: string): string {
  const [digits, places] = take(usd);
  const unit = 10n ** BigInt(Math.max(0, places - PLACES));
  const [whole = '0', fraction = ''] = give((digits + unit / 2n) / unit, Math.min(places, PLACES)).split('.');
  return `$${BigInt(whole).toLocaleString('en-US')}.${fraction.padEnd(2, '0')}`;
}
