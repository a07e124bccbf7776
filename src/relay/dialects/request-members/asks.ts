import type { Allowance } from '../../../domain/channel/allowances.js';
import { type ServiceTier, serviceTierRatio } from '../../../domain/pricing/service-tiers.js';
import type { Price } from '../../../domain/pricing/price.js';

/** Prices of units that a request can ask for by a member of its own. */
export type UnitPrice = 'per_search_usd' | 'per_image_usd' | 'per_file_search_usd' | 'per_code_session_usd';

/** What a request asks for that must have a price, or be free at the channel. */
export interface Need {
  /** As the client is to find it in its request. */
  readonly member: string;
  /** With this price in the model's list the member is paid for; absent: no price covers it. */
  readonly unit?: UnitPrice;
  /** With a ratio for this class of service in the model's price it is paid for. */
  readonly serviceTier?: ServiceTier | undefined;
  /** Prompts beyond what a model takes for its usual price: paid for by a price that says what longer ones cost, or that the window is longer. */
  readonly isLongContext?: boolean;
  readonly allowance: Allowance;
}

/** Something that an earlier call left at upstream, by its id there. */
export interface Reference {
  readonly member: string;
  readonly id: string;
  /** Where nobody knows whose it is, it is taken for somebody else's. */
  readonly mustBeKnown?: boolean;
}

/** What the members of a request ask for beyond one answer of one model to what stands in the request. */
export interface RequestAsks {
  readonly needs: readonly Need[];
  /** Every model that is named beside the request's own. */
  readonly models: readonly string[];
  readonly references: readonly Reference[];
  /** Upstream reads more than stands in the request: a file elsewhere, what a tool of its own finds, a summary of all of it. */
  readonly readsMore?: boolean;
  /** The class of service; `any`: upstream may choose. Absent: none was asked for. */
  readonly serviceTier?: ServiceTier | 'any' | undefined;
}

/** The same while a request is read. */
export class Asks implements RequestAsks {
  readonly needs: Need[] = [];
  readonly models: string[] = [];
  readonly references: Reference[] = [];
  readsMore = false;
  serviceTier: ServiceTier | 'any' | undefined;

  /** Undefined where nothing was asked for. */
  get any(): RequestAsks | undefined {
    const { needs, models, references, readsMore, serviceTier } = this;
    const asked = needs.length + models.length + references.length;
    return asked > 0 || readsMore || serviceTier !== undefined ? this : undefined;
  }
}

/** The longest prompt that every model of the trial takes for its usual price. */
const USUAL_CONTEXT = 200_000;

const coversLongContext = ({ tiers = [], context_window: window = 0 }: Price): boolean =>
  tiers.length > 0 || window > USUAL_CONTEXT;

/** A price of the call covers whatever it does. */
export const isPaidFor = ({ unit, serviceTier, isLongContext = false }: Need, price: Price): boolean =>
  price.per_call_usd !== null ||
  (isLongContext && coversLongContext(price)) ||
  (unit !== undefined && price[unit] !== undefined) ||
  serviceTierRatio(price, serviceTier) !== undefined;
