/** Where money is decided, and the unit tests that are to notice a change there. */
export const rooms: readonly { readonly files: readonly string[]; readonly tests: readonly string[] }[] = [
  {
    files: ['src/domain/money/decimal.ts', 'src/domain/money/quota.ts'],
    tests: ['test/domain/money', 'test/domain/pricing', 'test/domain/payment.test.ts'],
  },
  {
    files: [
      'charge',
      'compiled-rates',
      'group-ratio',
      'model-pattern',
      'price-book',
      'rates',
      'worst-case',
    ].map((name) => `src/domain/pricing/${name}.ts`),
    tests: ['test/domain/pricing', 'test/domain/price.test.ts'],
  },
  {
    files: ['src/domain/payment/decide.ts', 'src/domain/payment/refund.ts', 'src/domain/payment/state.ts'],
    tests: ['test/domain/payment.test.ts'],
  },
  {
    files: ['src/domain/price/decide.ts', 'src/domain/price/diff.ts'],
    tests: ['test/domain/price.test.ts'],
  },
  {
    files: [
      'src/relay/metering/meter.ts',
      'src/relay/metering/usage.ts',
      'src/relay/metering/usage-beside.ts',
    ],
    tests: ['test/relay/metering'],
  },
];
