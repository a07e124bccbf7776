import { existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { orderEndpoints } from '../../orders/endpoints.js';

/** Money that the users of a front end pay in. */
export const userOrderEndpoints = orderEndpoints({
  area: 'external',
  path: '/{external_user_id}/orders',
  optionsPath: '/{external_user_id}/topup/options',
  input: { external_user_id: externalUserIdField },
  reads: 'read',
  writes: 'topups',
  failures: [],
  operationIds: {
    options: 'getTopUpOptions',
    place: 'createOrder',
    list: 'listUserOrders',
    show: 'getOrder',
    check: 'checkUserOrder',
    cancel: 'cancelUserOrder',
  },
  ordersOf: async (input, context) =>
    context.ordersOf(await existingAccount(context, String(input.external_user_id))),
  deskOf: ({ payments }) => payments,
});
