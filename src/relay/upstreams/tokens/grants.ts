import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ChannelAccess } from '../type.js';
import { membersIn } from '../whole-answer.js';
import { assertionOf, serviceAccount } from './service-account.js';

/** How a key is turned into tokens. */
export interface Grant {
  readonly tokenUrl: string;
  /** The form that is posted; `refreshToken`: the newest that is known, where there is one. */
  readonly form: (
    refreshToken: string | undefined,
    nowMs: number,
  ) => Promise<Readonly<Record<string, string>>>;
  /** What is asked with may be good once. */
  readonly spends: boolean;
  /** Of what is asked for, whoever asks. */
  readonly askedFor: string;
  /** Before a token expires. */
  readonly renewBeforeMs: number;
}

const ownSecrets = z.union([
  z.object({ refresh_token: z.string().min(1), client_secret: z.string().min(1).optional() }),
  z.object({ client_secret: z.string().min(1) }),
]);

/** Nobody but who runs the ledger may send a signed assertion elsewhere (`oauth.token_url`), whatever the account's file says. */
const GOOGLE = 'https://oauth2.googleapis.com/token';
const GOOGLE_SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
const GOOGLE_BEFORE_MS = 600_000;
const BEFORE_MS = 60_000;

/** Asked with every call. */
const grants = new WeakMap<ChannelAccess, Grant>();

/**
 * A key is a service account's file, or JSON with a `refresh_token` and perhaps a `client_secret`, or with a `client_secret` alone.
 * @throws where it is none of these
 */
export function grantOf(channel: ChannelAccess): Grant {
  let grant = grants.get(channel);
  if (!grant) grants.set(channel, (grant = grantFor(channel)));
  return grant;
}

function grantFor({ apiKey, settings: { oauth } }: ChannelAccess): Grant {
  const said = membersIn(apiKey);
  const account = serviceAccount.safeParse(said).data;
  const tokenUrl = oauth?.token_url ?? (account && GOOGLE);
  if (tokenUrl === undefined) throw new Error('nobody says where tokens are given out');
  const scopes = oauth && oauth.scopes.length > 0 ? oauth.scopes : account ? GOOGLE_SCOPES : [];
  const client = oauth?.client_id ?? '';
  const askedFor = digest([tokenUrl, client, ...scopes].join(' '));
  if (account) {
    const form = async (_: string | undefined, nowMs: number) => {
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await assertionOf(account, tokenUrl, scopes, nowMs),
      };
    };
    return { tokenUrl, askedFor, renewBeforeMs: GOOGLE_BEFORE_MS, spends: false, form };
  }
  const secrets = ownSecrets.parse(said);
  const common = {
    ...(client !== '' && { client_id: client }),
    ...(secrets.client_secret !== undefined && { client_secret: secrets.client_secret }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  const first = 'refresh_token' in secrets ? secrets.refresh_token : undefined;
  const form = (newest: string | undefined) =>
    Promise.resolve(
      first === undefined
        ? { grant_type: 'client_credentials', ...common }
        : { grant_type: 'refresh_token', refresh_token: newest ?? first, ...common },
    );
  return { tokenUrl, askedFor, renewBeforeMs: BEFORE_MS, spends: first !== undefined, form };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
