import type { z } from 'zod';
import type { CommandResult } from '../commands/handling/command.js';
import type { RefusalCode } from '../domain/refusal.js';
import type { ReadModels } from '../projections/read-models.js';
import type { AccountView } from '../projections/account/view.js';
import type {
  AdminContext,
  AreaContexts,
  Asked,
  Contexts,
  OwnAccount,
  UserContext,
} from './area-contexts.js';
import type { Area } from './areas.js';
import { type Bilingual, ledgerUnavailable } from './failure.js';
import type { Access } from './middleware/auth.js';
import type { SignedIn } from './operators/ports.js';
import { requireFreshProof } from './operators/step-up.js';
import type { SignedInPerson } from './people/ports/person.js';
import type { CookieKind } from './sessions/cookies.js';
import type { HttpSettings } from './ports.js';
import { refused } from './refusals.js';
import { validate } from './validation.js';

export interface Answer {
  /** Commands have one; reads do not. */
  readonly message?: Bilingual;
  readonly data: unknown;
  readonly replayed?: boolean;
  /** It goes on elsewhere: answered with 202 as the endpoint's `further` says. */
  readonly further?: true;
  /** Puts the secret of a session into the browser's cookie; null takes it out. */
  readonly cookie?: { readonly kind: CookieKind; readonly secret: string | null };
  /** Members of the answer beside `data`. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Instead of the rest: a text of any length, sent as it is made. */
  readonly text?: {
    readonly mediaType: string;
    readonly pieces: AsyncIterable<string | Uint8Array> | Iterable<string>;
    readonly headers?: Readonly<Record<string, string>>;
    /** When it was sent, or will not be any more. */
    readonly onClose?: () => void;
  };
}

/** Status, code, and the text in the contract's language: for the document. */
export type FailureRow = readonly [status: number, code: string, zh: string];

/** Everything about one endpoint in one place: the router, the validation and the OpenAPI document are made from it. */
export interface Endpoint<Input, In extends Area = 'external'> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Default: the external API. */
  readonly area?: In;
  /** Under the area's base path, parameters in braces: `/{external_user_id}/logs`. */
  readonly path: string;
  readonly access: Access;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Of path and JSON body together, of path and query where the method is get. The body may be absent where nothing in it is needed. */
  readonly input: z.ZodType<Input>;
  /** Also answered while the tables may be another ledger's or older: it tells nothing of accounts, and lets operators see what is the matter. */
  readonly inDoubt?: true;
  /** Operators at a browser must have given the password within ten minutes. */
  readonly freshProof?: boolean;
  /** Nothing in the body is needed, so there may be none. */
  readonly bodyOptional?: boolean;
  /** The body is a file, as it is; the input then comes from path and query, and its member `file` names it. */
  readonly takesFile?: boolean;
  /** Media type of that file; default `text/csv`. */
  readonly fileType?: string;
  /** Media types of the answer where it is a text instead of `data`; where the example has `data`, it may be either. */
  readonly answersText?: readonly string[];
  /** Members of the body whose digits matter: they reach the schema as NumberText. */
  readonly exactNumbers?: readonly string[];
  /** The shape of `data`, for the document. */
  readonly data: z.ZodType;
  readonly beside?: Readonly<Record<string, z.ZodType>>;
  /** What it answers instead, with 202, where something is to follow. */
  readonly further?: {
    readonly code: string;
    readonly message: Bilingual;
    readonly data: z.ZodType;
    readonly example: unknown;
  };
  /** Open answers, the same for everybody: caches may keep them for so long, and pages of any origin may read them. */
  readonly freshSeconds?: number;
  readonly messages?: readonly Bilingual[];
  readonly refusals: readonly RefusalCode[];
  /** Failures that are no refusals of a command. */
  readonly failures?: readonly FailureRow[];
  readonly example: { readonly request?: unknown; readonly data: unknown; readonly beside?: object };
  /** Gets what its area works with, and no more. */
  readonly handle: (input: Input, context: AreaContexts[In]) => Promise<Answer>;
}

/** An endpoint whose input type is closed over: parse first, then handle. */
export interface BoundEndpoint extends Omit<Endpoint<unknown, Area>, 'handle' | 'input'> {
  readonly input: z.ZodType;
  readonly run: (raw: Readonly<Record<string, unknown>>, asked: Asked, contexts: Contexts) => Promise<Answer>;
}

export function endpoint<Input, In extends Area = 'external'>(
  definition: Endpoint<Input, In>,
): BoundEndpoint {
  const { handle, ...rest } = definition;
  const area = (rest.area ?? 'external') as In;
  return {
    ...rest,
    run: async (raw, asked, contexts) => {
      if (rest.freshProof && asked.operator) requireFreshProof(asked.operator, asked.now);
      return handle(validate(rest.input, raw), contexts[area](asked));
    },
  };
}

/** The accepted part of a command's result; throws the failure of a refused one. */
export function accepted<Value>(result: CommandResult<Value>): Extract<CommandResult<Value>, { ok: true }> {
  if (!result.ok) throw refused(result.refusal);
  return result;
}

interface Waiting {
  readonly readModels: Pick<ReadModels, 'waitFor'>;
  readonly settings: Pick<HttpSettings, 'projectionWaitMs'>;
}

/**
 * Waits until the read models have passed what a command wrote. Throws a 503 when they do not in time: the command is
 * done, and its repetition is answered as a replay.
 */
export async function projected(context: Waiting, position: bigint): Promise<void> {
  if (!(await context.readModels.waitFor(position, context.settings.projectionWaitMs)))
    throw ledgerUnavailable();
}

/** As `projected`; then this process's relay, if it has one, works with what was changed. */
export async function catalogueChanged(context: AdminContext, position: bigint): Promise<void> {
  await projected(context, position);
  await context.admin.refreshCatalogue();
}

/** The operator who asks; only for endpoints that ask for one. */
export function signedIn({ operator }: Pick<AdminContext, 'operator'>): SignedIn {
  if (!operator) throw new Error('an endpoint for operators was reached without one');
  return operator;
}

/** Who asks about their own account; only for endpoints that ask for a sign-in. */
export function signedInPerson({ person }: { readonly person: SignedInPerson | undefined }): SignedInPerson {
  if (!person) throw new Error('an endpoint for people was reached without one');
  return person;
}

/** The account of who asks; only for endpoints that ask for a sign-in. */
export function ownAccount({ own }: Pick<UserContext, 'own'>): OwnAccount {
  if (!own) throw new Error('an endpoint for people was reached without one');
  return own;
}

/** The user of an external id; throws the 404 of the contract. */
export async function existingAccount(
  context: { readonly readModels: Pick<ReadModels, 'account'> },
  externalUserId: string,
): Promise<AccountView> {
  const account = await context.readModels.account(externalUserId);
  if (!account) throw refused({ code: 'account_not_found' });
  return account;
}
