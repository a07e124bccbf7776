import { optionDefaults } from '../../src/domain/channel/settings.js';

/** Settings of a channel that is nothing out of the ordinary, without its secrets and what every test says itself. */
export const plainChannel = { ...optionDefaults, proxy_url: null, sealed_proxy_credentials: null };
