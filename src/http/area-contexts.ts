import type { Audit } from '../books/audit/audit.js';
import type { FinanceReports } from '../books/finance-reports.js';
import type { Receipts } from '../books/receipts.js';
import type { AccountCommands } from '../commands/account/commands.js';
import type { Commands } from '../commands/commands.js';
import type { CodeCommands } from '../commands/code/commands.js';
import type { CommandMeta } from '../commands/handling/command.js';
import type { ListedMail } from '../commands/login/ports.js';
import type { OrderCommands } from '../commands/order/commands.js';
import type { RefundCommands } from '../commands/refund/commands.js';
import type { PaymentCommands } from '../commands/payment/commands.js';
import type { SubscriptionCommands } from '../commands/subscription/commands.js';
import type { TeamCommands } from '../commands/team/commands.js';
import type { TokenCommands } from '../commands/token/commands.js';
import type { PortalTerms } from '../domain/setting/portal.js';
import type { ReadModels } from '../projections/read-models.js';
import type { CatalogueView } from '../projections/catalogue/view.js';
import type { AccountOrders, OperatorOrders, PaymentDesk, RefundDesk } from '../reactions/payments/ports.js';
import type { Area } from './areas.js';
import type { NotedPosition } from './noted-positions.js';
import type { UploadedFile } from './middleware/upload.js';
import type { Administration, SignedIn } from './operators/ports.js';
import type { OwnAlerts } from './people/own-alerts.js';
import type { Own, OwnOf } from './people/own.js';
import type { OwnCommands } from './people/own-commands.js';
import type { Inviting } from './people/ports/inviting.js';
import type { People } from './people/ports/people.js';
import type { Language, SignedInPerson } from './people/ports/person.js';
import type { HttpSettings } from './ports.js';

/** What anybody may ask for, so that it is looked up no more often than it changes. */
export interface OpenParts {
  readonly catalogue: () => Promise<CatalogueView>;
  readonly isWell: () => Promise<boolean>;
  /** The newest mails that nobody sends; undefined where they are nobody's to see. */
  readonly outbox: (() => Promise<readonly ListedMail[]>) | undefined;
  /** Why nobody can register. */
  readonly closed: People['closed'];
  /** How the Portal presents who runs it. */
  readonly portal: () => Promise<PortalTerms>;
}

/** All that the endpoints work with, of which each area gets its part. */
export interface ApiParts {
  readonly commands: Commands;
  readonly readModels: ReadModels;
  readonly audit: Audit;
  readonly finance: FinanceReports;
  readonly receipts: Receipts;
  readonly admin: Administration;
  readonly people: People;
  readonly own: OwnOf;
  readonly payments: PaymentDesk;
  readonly ownAlerts: (person: SignedInPerson) => OwnAlerts;
  readonly open: OpenParts;
  readonly settings: HttpSettings;
}

/** One request: who asks, when, and from where. */
export interface Asked {
  readonly meta: CommandMeta;
  readonly now: Date;
  /** Judges once more what was presented, for what takes long. Rejects with the failure to answer. */
  readonly authorize: () => Promise<unknown>;
  /** Where an operator asks. */
  readonly operator: SignedIn | undefined;
  /** Where the person of an account asks. */
  readonly person: SignedInPerson | undefined;
  /** Where a front end's people may be led back to. */
  readonly returnOrigins: readonly string[];
  /** `User-Agent` */
  readonly agent: string;
  readonly language: Language;
  /** What this browser holds of its visit at another service. */
  readonly visitSecret: string | undefined;
  /** Of the client, as far as it can be relied on. */
  readonly address: string | undefined;
  /** Where what its commands came to is in the log. */
  readonly noted: NotedPosition;
  /** Where the endpoint takes one. */
  readonly file: UploadedFile | undefined;
}

/** What can be ordered. */
export type Terms = Pick<PaymentDesk, 'terms' | 'methods' | 'takesCodes'>;

/** Front ends: their users, top-ups and access keys. */
export interface ExternalContext
  extends
    Pick<Asked, 'meta' | 'now' | 'file' | 'authorize' | 'language' | 'returnOrigins'>,
    Pick<ApiParts, 'settings' | 'receipts'> {
  readonly handOver: People['handOver'];
  readonly payments: Terms;
  readonly ordersOf: PaymentDesk['of'];
  /** Of orders that were found among those of an account. */
  readonly refunds: RefundDesk;
  readonly commands: Pick<AccountCommands, 'syncAccount'> &
    PaymentCommands &
    Pick<CodeCommands, 'redeemCode'> &
    Omit<TokenCommands, 'carryOverToken'> &
    Pick<SubscriptionCommands, 'cancelSubscription'> &
    TeamCommands;
  readonly readModels: Omit<ReadModels, 'accessKey' | 'settings'>;
}

/** Operators: everything but what front ends credit, and nothing that is asked for by an access key. */
export interface AdminContext
  extends
    Pick<Asked, 'meta' | 'now' | 'operator' | 'address' | 'agent' | 'file'>,
    Pick<ApiParts, 'admin' | 'settings'> {
  readonly commands: Omit<
    Commands,
    | keyof OrderCommands
    | keyof RefundCommands
    | 'creditPayment'
    | 'syncAccount'
    | 'issueToken'
    | 'carryOverToken'
    | 'resetToken'
    | 'redeemCode'
    | 'earnReward'
    | 'settleReward'
    | 'makeReferralCode'
  >;
  readonly orders: OperatorOrders;
  readonly refunds: RefundDesk;
  readonly explain: (id: string) => ReturnType<Audit['explain']>;
  readonly people: Inviting;
  readonly readModels: Omit<ReadModels, 'accessKey'>;
}

/** The people of accounts, about how they sign in. */
export interface PersonContext
  extends
    Pick<Asked, 'meta' | 'now' | 'person' | 'address' | 'agent' | 'language'>,
    Pick<ApiParts, 'people' | 'settings'> {
  readonly readModels: Omit<ReadModels, 'accessKey' | 'settings'>;
}

/** The same, where they sign in. */
export interface AuthContext extends PersonContext, Pick<Asked, 'visitSecret'> {}

/** Reads and commands of the one account that its person has signed in to. */
export interface OwnAccount {
  readonly reads: Own;
  readonly commands: OwnCommands;
  readonly orders: AccountOrders;
  readonly alerts: OwnAlerts;
}

/** The people of accounts, each about their own: nothing here leads to another account. */
export interface UserContext extends Omit<PersonContext, 'readModels'> {
  readonly readModels: Pick<ReadModels, 'waitFor' | 'catalogue'>;
  readonly payments: Terms;
  /** Where somebody has signed in. */
  readonly own: OwnAccount | undefined;
}

/** Auditors: reads alone. */
export type AuditContext = Pick<Asked, 'now' | 'file'> &
  Pick<ApiParts, 'audit' | 'finance' | 'receipts' | 'settings'>;

/** Anybody. */
export type OpenContext = Pick<ApiParts, 'open' | 'settings'>;

export interface AreaContexts {
  readonly external: ExternalContext;
  readonly admin: AdminContext;
  readonly auth: AuthContext;
  readonly user: UserContext;
  readonly audit: AuditContext;
  readonly open: OpenContext;
}

/** Makes what an endpoint of an area works with in one request. */
export type Contexts = { readonly [In in Area]: (asked: Asked) => AreaContexts[In] };
