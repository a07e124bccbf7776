import { describe, expect, it } from '@jest/globals';
import { keyDisabler } from '../../src/compose/channels.js';
import { createLogger } from '../../src/support/logger.js';
import { plainChannel } from '../support/channel.js';
import { createCommandWorld } from '../support/command-world.js';

describe('a key that upstream refuses', () => {
  it('goes out of use as an event of the system, and with the last key the channel', async () => {
    const world = createCommandWorld();
    await world.commands.configureChannel(
      {
        channelId: 'main',
        settings: {
          ...plainChannel,
          name: 'Main',
          type: 'openai',
          base_url: 'https://api.example.com',
          models: ['m'],
          test_model: null,
        },
        keys: [{ secret: 'upstream-secret' }],
        enabled: true,
      },
      { actor: 'bootstrap', requestId: 'r' },
    );
    const keyId = world.dependencies.keyring.fingerprintOf('upstream-secret');
    const disable = keyDisabler(world.commands, { log: createLogger('silent') });
    const refused = { channelId: 'main', keyId, reason: 'the key is refused (status-401)' };
    await Promise.all([disable(refused), disable(refused)]);
    await disable(refused);
    const stated = { reason: refused.reason, automatic: true, by: 'system' };
    expect(await world.events('channel-key-disabled', 'channel-disabled')).toMatchObject([
      { type: 'channel-key-disabled', data: { ...stated, key_id: keyId } },
      { type: 'channel-disabled', data: stated },
    ]);
    await expect(disable({ ...refused, keyId: 'unknown' })).rejects.toThrow('channel_not_found');
  });
});
