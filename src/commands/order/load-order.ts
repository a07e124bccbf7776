import { orderDecider } from '../../domain/order/decide.js';
import type { OrderState } from '../../domain/order/state.js';
import { orderStream } from '../../domain/streams.js';
import { orderUuidOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

export const loadOrder = (
  { store }: Pick<CommandDependencies, 'store'>,
  orderId: string,
): Promise<Loaded<OrderState>> => load(store, orderStream(orderUuidOf(orderId)), orderDecider);
