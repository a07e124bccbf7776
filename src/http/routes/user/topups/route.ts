import { ownAccount } from '../../../endpoint.js';
import { orderEndpoints } from '../../orders/endpoints.js';
import { suspendedRow } from '../failures.js';

/** Money that people pay in for themselves. */
export const topupEndpoints = orderEndpoints({
  area: 'user',
  path: '/topups',
  optionsPath: '/topups/options',
  input: {},
  reads: 'person',
  writes: 'person',
  failures: [suspendedRow],
  operationIds: {
    options: 'showTopupOptions',
    place: 'placeOrder',
    list: 'listOrders',
    show: 'showOrder',
    check: 'checkOrder',
    cancel: 'cancelOrder',
  },
  ordersOf: (_, context) => Promise.resolve(ownAccount(context).orders),
  deskOf: ({ payments }) => payments,
});
