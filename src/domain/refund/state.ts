import type { DataIn, EventIn } from '../stored/event-in.js';
import type { refundEvents } from './events.js';

export type RefundEvent = EventIn<typeof refundEvents>;
export type RefundTerms = DataIn<typeof refundEvents, 'refund-requested'>;

/** How far a refund at its provider has come. It never goes back, but that what was said to have gone back may fail days later. */
export const refundStatuses = ['requested', 'sent', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

export interface SentRefund {
  readonly terms: RefundTerms;
  readonly status: RefundStatus;
}

/** Undefined before it was asked for. */
export type RefundState = SentRefund | undefined;

export function evolveRefund(state: RefundState, event: RefundEvent): RefundState {
  if (event.type === 'refund-requested') return { terms: event.data, status: 'requested' };
  if (!state) throw new Error(`${event.type} comes before the refund was asked for`);
  switch (event.type) {
    case 'refund-sent':
      return { ...state, status: 'sent' };
    case 'refund-succeeded':
      return { ...state, status: 'succeeded' };
    case 'refund-failed':
      return { ...state, status: 'failed' };
  }
}

/** Whether it is decided what became of it. */
export const isOver = ({ status }: Pick<SentRefund, 'status'>): boolean =>
  status === 'succeeded' || status === 'failed';
