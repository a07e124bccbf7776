/** The value of the setting `payments`, as far as its form knows it. */
export interface PaymentTerms {
  readonly currencies: Readonly<
    Record<
      string,
      {
        readonly rate: string;
        readonly presets: readonly string[];
        readonly min: string;
        readonly max: string;
        readonly tiers: readonly {
          readonly from: string;
          readonly discount: string;
          readonly bonus?: string;
        }[];
        readonly fee: { readonly part: string; readonly fixed: string } | null;
      }
    >
  >;
  readonly preset_basis: string;
  readonly open_most: number;
  readonly hourly_most: number;
  readonly bank: { readonly instructions: string; readonly currencies: readonly string[] } | null;
  readonly disputes?: string;
}
