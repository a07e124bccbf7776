import { createAdministration } from '../../../src/compose/administration.js';
import type { Role } from '../../../src/domain/operator/roles.js';
import type { Administration } from '../../../src/http/operators/ports.js';
import { createPasswords } from '../../../src/support/passwords.js';
import type { RealLedger } from './real-ledger.js';

export const PASSWORD = 'correct horse battery';

export interface RealAdministration extends Administration {
  /** How often the relay of this process was told to look. */
  readonly refreshed: () => number;
  /** A signed-in operator. @returns the bearer token */
  signIn(name: string, role: Role): Promise<string>;
}

/** The administration on a real ledger; only the passwords are hashed for less. */
export function createRealAdministration(ledger: RealLedger, now = () => new Date()): RealAdministration {
  let refreshed = 0;
  const administration = createAdministration({
    ...ledger,
    passwords: createPasswords({ ln: 4, r: 8, p: 1 }),
    now,
    defaultSettings: { hold_policy: 'clamp', limits: {} },
    refreshCatalogue: () => {
      refreshed += 1;
      return Promise.resolve();
    },
  });
  return {
    ...administration,
    refreshed: () => refreshed,
    signIn: async (name, role) => {
      const meta = { actor: 'cli', requestId: 'test' };
      const result = await administration.operators.create({ name, role, password: PASSWORD }, meta);
      if (!result.ok) throw new Error(result.refusal.code);
      if (!(await ledger.readModels.waitFor(result.position, 10_000))) throw new Error('not projected');
      const login = { name, password: PASSWORD, address: '10.0.0.1' };
      return (await administration.auth.login(login)).token;
    },
  };
}
