import type { Command } from '../handling/command.js';

export interface OfSubscription {
  readonly subscriptionId: string;
}

export interface OfPeriod extends OfSubscription {
  readonly period: number;
}

export interface SubscriptionCommands {
  /** Its periods go on to their ends. */
  readonly cancelSubscription: Command<
    { readonly externalUserId: string; readonly planId: string },
    OfSubscription
  >;
  /** Nothing of it is left; nothing happens where something is. */
  readonly endSubscription: Command<OfSubscription, OfSubscription>;
  /** Brings what a period gave to what it should give: nothing before it begins, and once; what is unused is taken where its money goes back. */
  readonly settlePeriod: Command<OfPeriod, OfSubscription>;
}
