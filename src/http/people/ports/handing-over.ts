import type { Handover } from '../../../commands/login/ports.js';
import type { Visitor } from '../../sessions/browser-sessions.js';
import type { Language, Started } from './person.js';

/** What a front end asks for when it sends one of its users to the Portal. */
export interface NewHandover extends Omit<Handover, 'accountId'> {
  readonly externalUserId: string;
  readonly forMs: number;
}

/** Somebody who has come from a front end. */
export interface Entered extends Started {
  readonly page: string;
  readonly language: Language | null;
}

/** People whom a front end vouches for. */
export interface HandingOver {
  /** A page of the Portal with a code that is used once. Throws 404 `account_not_found`, 409 `account_erased`. */
  handOver(handover: NewHandover): Promise<{ readonly url: string; readonly expiresAt: Date }>;
  /** Throws 400 `handover_invalid` where the code was used, or has run out. */
  enter(code: string, visitor: Visitor): Promise<Entered>;
}
