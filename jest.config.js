/** What needs neither PostgreSQL nor Redis nor another process, and is over in a moment: `npm run test:unit`. */
const unitTests = [
  'config/**',
  'domain/**',
  'commands/!(usage|handling)/**',
  'commands/handling/!(retries)',
  'balance/hold-leases/*',
  'balance/in-process/in-process',
  'books/reconcile/psp/**',
  'eventstore/{event-bytes,memory,seals}',
  'http/{admin/fresh-proof,number-text,rate-limit,validation}',
  'projections/balance/{caught-up-tables,load}',
  'projections/grant/lots',
  'relay/channels/{choose,conversation}',
  'relay/dialects/{rate-headers,sifters,json/**,sse/**}',
  'relay/limits/window',
  'relay/metering/**',
  'relay/multipart/{form-body,form-scanner}',
  'relay/upstreams/{failure,transport/overrides}',
  'reactions/payments/disputes',
  'support/!(bill-of-materials|checkout)',
  'transparency/{tree,formats,receipt,monitor,balance-proof}',
  'translations/*',
].map((place) => `${import.meta.dirname}/test/${place.endsWith('**') ? `${place}/*` : place}.test.ts`);

const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: `${import.meta.dirname}/test/support/shared-modules/environment.cjs`,
  runtime: `${import.meta.dirname}/test/support/shared-modules/runtime.cjs`,
};

/** @type {import('jest').Config} */
export default {
  // More than there are cores: the suites that take longest wait for processes, leases and deadlines.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/support/slowest-first.mjs',
  // For what never ends: a busy machine may take many times longer than a quiet one.
  testTimeout: 180_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: unitTests },
    {
      ...common,
      displayName: 'integration',
      testMatch: [`${import.meta.dirname}/test/**/*.test.ts`, ...unitTests.map((place) => `!${place}`)],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
