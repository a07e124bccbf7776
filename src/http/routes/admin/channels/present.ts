import type { Sealed } from '../../../../domain/stored/fields.js';
import type { CatalogueView } from '../../../../projections/catalogue/view.js';
import { callAddress, endpointAddresses } from '../../../../relay/upstreams/call-address.js';

/** @param maskOf of a sealed key; undefined where it cannot be opened */
export function presentChannel(
  { channelId, enabled, disabled, settings }: CatalogueView['channels'][number],
  maskOf: (sealed: Sealed) => string | undefined,
) {
  const { keys, sealed_proxy_credentials, ...rest } = settings;
  return {
    channel_id: channelId,
    enabled,
    disabled,
    ...rest,
    call_address: callAddress(settings),
    endpoint_addresses: endpointAddresses(settings),
    keys: keys.map((key) => ({ id: key.id, key: maskOf(key.sealed) ?? null, disabled: key.disabled })),
    proxy_credentials: sealed_proxy_credentials !== null,
  };
}
