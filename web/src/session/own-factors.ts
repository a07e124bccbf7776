import { answer, api } from '../api/client.ts';
import type { FactorDesk } from '../factors/factor-desk.ts';
import { proveAgain } from './person.ts';

/** The second factor of who is signed in to the Portal. */
export const ownFactors: FactorDesk = {
  key: ['totp'],
  standing: async (signal) => (await answer(api.GET('/api/auth/totp', { signal }))).data,
  prove: proveAgain,
  begin: async () => (await answer(api.POST('/api/auth/totp'))).data,
  confirm: async (code) =>
    (await answer(api.POST('/api/auth/totp/confirm', { body: { code } }))).data.recovery_codes,
  remove: async () => {
    await answer(api.DELETE('/api/auth/totp'));
  },
  renew: async () => (await answer(api.POST('/api/auth/recovery-codes'))).data.recovery_codes,
};
