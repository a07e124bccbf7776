import type { BalanceView } from '../../books/audit/balance.js';
import { facts, money, ownerText, placeText } from './facts.js';

/** A balance as a person reads it. */
export function reportBalance(view: BalanceView): string {
  const { holds, last_movement: last } = view;
  return facts([
    ['user', ownerText(view)],
    ['balance', money(view.balance)],
    ['open holds', holds && `${money(holds.held)} in ${holds.open.length}`],
    ['available', holds && money(holds.available)],
    ['as of', view.as_of],
    ['position', view.position],
    ['account', view.stream_revision === null ? 'not yet registered' : `revision ${view.stream_revision}`],
    ['last movement', last && `${last.type} ${last.reference}, ${last.recorded_at}`],
    ['', last && placeText(last)],
  ]);
}
