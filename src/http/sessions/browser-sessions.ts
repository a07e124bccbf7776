import type { BrowserSession, SessionLife, SessionOwner, Sessions } from '../../commands/login/ports.js';
import { firstSessionTerms, type SessionTerms } from '../../domain/setting/sessions.js';
import { addressBlock } from '../../support/address-block.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long somebody stays signed in who does nothing, and who does. */
export const peopleStay = ({ idle_days, most_days }: SessionTerms): SessionLife => ({
  idleMs: idle_days * DAY,
  atMostMs: most_days * DAY,
});
export const operatorsStay = (terms: SessionTerms): SessionLife => ({
  idleMs: terms.operator_idle_minutes * MINUTE,
  atMostMs: terms.operator_most_hours * HOUR,
});
/** The longest that an operator can allow: the setting only shortens it. */
export const PEOPLE_STAY = peopleStay(firstSessionTerms);
export const OPERATORS_STAY = operatorsStay(firstSessionTerms);

/** Of people whom a front end vouched for. */
export const HANDED_OVER_MS = 8 * HOUR;

const SECRET_BYTES = 32;
const LONGEST_SECRET = 100;
const LONGEST_AGENT = 200;

/** Who sits at the browser, as far as is known. */
export interface Visitor {
  readonly address: string | undefined;
  /** `User-Agent` */
  readonly agent: string;
}

/** What of a visitor is kept. */
export const shownOf = ({ address, agent }: Visitor) => ({
  addressBlock: addressBlock(address),
  agent: agent.slice(0, LONGEST_AGENT),
});

export interface StartedSession {
  readonly session: BrowserSession;
  /** For the cookie, and told nowhere else. */
  readonly secret: string;
}

export interface SessionStart {
  readonly generation: bigint;
  readonly method: string;
  /** Whether whoever begins it has just given the password, or more; default: they have. */
  readonly isProof?: boolean;
  /** The front end that vouches for the person, for how long, and where it has them led back to. */
  readonly handedOver?: {
    readonly via: string;
    readonly returnUrl: string | null;
    readonly forMs: number;
  };
  /** Of a program, whose token lasts until then. */
  readonly expiresAt?: Date;
}

export interface BrowserSessions {
  begin(owner: SessionOwner, how: SessionStart, visitor: Visitor): Promise<StartedSession>;
  find(secret: string): Promise<BrowserSession | undefined>;
  /** By the id in a token; undefined once it has ended. */
  findListed(owner: SessionOwner, id: string): Promise<BrowserSession | undefined>;
  /** @returns false where it has ended */
  prolong(owner: SessionOwner, id: string, expiresAt: Date): Promise<boolean>;
  list(owner: SessionOwner): Promise<readonly BrowserSession[]>;
  end(owner: SessionOwner, id: string): Promise<boolean>;
  endAll(owner: SessionOwner, except?: string): Promise<number>;
}

export interface BrowserSessionParts {
  readonly sessions: Sessions;
  readonly life: () => Promise<SessionLife>;
  /** Keyed. */
  readonly hash: (secret: string) => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Sessions behind cookies: opaque secrets of 256 bits, of which only the keyed hash is kept. */
export function createBrowserSessions(parts: BrowserSessionParts): BrowserSessions {
  const { sessions, life, hash, randomBytes, newId, now } = parts;
  return {
    begin: async (owner, { generation, method, handedOver, isProof = true, expiresAt }, visitor) => {
      const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
      const at = now();
      const session: BrowserSession = {
        ...owner,
        id: newId(),
        generation,
        method,
        via: handedOver?.via ?? null,
        returnUrl: handedOver?.returnUrl ?? null,
        expiresAt: handedOver ? new Date(at.getTime() + handedOver.forMs) : (expiresAt ?? null),
        ...shownOf(visitor),
        createdAt: at,
        seenAt: at,
        provenAt: isProof ? at : new Date(0),
      };
      await sessions.begin(session, hash(secret));
      return { session, secret };
    },
    find: async (secret) =>
      secret.length > LONGEST_SECRET ? undefined : sessions.find(hash(secret), await life(), now()),
    findListed: async (owner, id) => sessions.findListed(owner, id, await life(), now()),
    prolong: (owner, id, expiresAt) => sessions.prolong(owner, id, expiresAt),
    list: async (owner) => sessions.list(owner, await life(), now()),
    end: (owner, id) => sessions.end(owner, id),
    endAll: (owner, except) => sessions.endAll(owner, except),
  };
}
