import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Quirk } from '../../../src/domain/channel/conversion.js';
import { KEY, startWorld, type World } from '../support/relay-world.js';
import { speaking, speakingChannel } from '../support/speaking-upstream.js';
import { startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(stream([]));
});
afterEach(async () => {
  await world.close();
  await upstream.close();
});

const start = async (protocol: 'chat' | 'responses' | 'messages', quirks: Quirk[]) => {
  upstream.behave(speaking(protocol, { text: 'hi' }));
  const conversion = { from: ['messages' as const, 'chat' as const], on_loss: 'drop' as const, quirks };
  world = await startWorld({ channels: [speakingChannel('one', protocol, upstream, { conversion })] });
};
const ask = async (user: string, text = 'hello') => {
  const answer = await fetch(`${world.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-test',
      max_tokens: 100,
      metadata: { user_id: user },
      messages: [{ role: 'user', content: text }],
    }),
  });
  expect(answer.status).toBe(200);
  return upstream.seen.at(-1)?.body['prompt_cache_key'];
};

describe('the name of what is cached', () => {
  it.each(['chat', 'responses'] as const)(
    'is one for each conversation, at an upstream of %s that wants it',
    async (protocol) => {
      await start(protocol, ['prompt_cache_key']);
      const first = await ask('session-1');
      expect(first).toMatch(/^[0-9a-f]{32}$/);
      expect(await ask('session-1', 'and then?')).toBe(first);
      expect(await ask('session-2')).not.toBe(first);
      expect(JSON.stringify(upstream.seen.map(({ body }) => body['prompt_cache_key']))).not.toContain(
        'session',
      );
    },
  );

  it('is not told to others', async () => {
    await start('chat', []);
    expect(await ask('session-1')).toBeUndefined();
  });
});
