import { accountEvents } from '../account/events.js';
import { adjustmentEvents } from '../adjustment/events.js';
import { cashEvents } from '../cash/events.js';
import { channelEvents } from '../channel/events.js';
import { claimEvents } from '../claim/events.js';
import { codeEvents } from '../code/events.js';
import { grantEvents } from '../grant/events.js';
import { leaseEvents } from '../lease/events.js';
import { ledgerEvents } from '../ledger/events.js';
import { liabilityEvents } from '../liability/events.js';
import { loginEvents } from '../login/events.js';
import { moveEvents } from '../move/events.js';
import { operatorEvents } from '../operator/events.js';
import { orderEvents } from '../order/events.js';
import { paymentEvents } from '../payment/events.js';
import { planEvents } from '../plan/events.js';
import { priceListEvents } from '../price/events.js';
import { referralEvents } from '../referral/events.js';
import { refundEvents } from '../refund/events.js';
import { serviceKeyEvents } from '../servicekey/events.js';
import { settingEvents } from '../setting/events.js';
import { strayEvents } from '../stray/events.js';
import { subscriptionEvents } from '../subscription/events.js';
import { teamEvents } from '../team/events.js';
import { tokenEvents } from '../token/events.js';
import { usageEvents } from '../usage/events.js';
import type { EventIn } from '../stored/event-in.js';

/** Every event, by the name that this program calls it: the schema in force. The one place that knows them all. */
export const catalogue = {
  ...accountEvents,
  ...paymentEvents,
  ...orderEvents,
  ...refundEvents,
  ...strayEvents,
  ...cashEvents,
  ...adjustmentEvents,
  ...grantEvents,
  ...codeEvents,
  ...referralEvents,
  ...planEvents,
  ...subscriptionEvents,
  ...teamEvents,
  ...tokenEvents,
  ...usageEvents,
  ...leaseEvents,
  ...claimEvents,
  ...priceListEvents,
  ...channelEvents,
  ...settingEvents,
  ...operatorEvents,
  ...loginEvents,
  ...serviceKeyEvents,
  ...ledgerEvents,
  ...liabilityEvents,
  ...moveEvents,
};

export type EventType = keyof typeof catalogue;

/** An event of the domain, decoded: amounts are bigint. */
export type DomainEvent = EventIn<typeof catalogue>;
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>;
