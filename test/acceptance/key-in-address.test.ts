import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { finish, usage } from '../relay/support/gemini-shapes.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../relay/support/test-upstream.js';
import { eventsOfType } from './support/books.js';
import { createCustomer } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';
import { files, tables } from './support/everything.js';

let upstream: TestUpstream;
let deployment: Deployment;
let service: Service;
beforeAll(async () => {
  upstream = await startTestUpstream(answerJson(JSON.stringify(finish('hi', usage(3, 2)))));
  deployment = await Deployment.open({
    cache: 'in-process',
    upstreamUrl: upstream.url.replace(/\/v1$/, ''),
    upstreamType: 'gemini',
  });
  service = await deployment.start('only', { LOG_LEVEL: 'trace' });
}, 120_000);
afterAll(async () => {
  await deployment?.close();
  await upstream?.close();
});

it('a key in the address stands in nothing that the service writes, says or sends on', async () => {
  const { accessKey } = await createCustomer(service.url, 10);
  const written: string[] = [];
  const call = async (path: string, body: unknown = { contents: [{ parts: [{ text: 'hello' }] }] }) => {
    const response = await fetch(`${service.url}/v1beta/${path}key=${accessKey}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    written.push(JSON.stringify([...response.headers]), await response.text());
    return response.status;
  };
  expect(await call('models/by-token:generateContent?')).toBe(200);
  expect(await call('models/by-token:countTokens?')).toBe(200);
  expect(await call('models/by-token:generateContent?alt=proto&')).toBe(400);
  expect(await call('models/by-token:generateContent?', '{')).toBe(400);
  expect(await call('models/unaffordable:generateContent?')).toBe(402);
  expect(await call('models/nope:generateContent?')).toBe(404);
  expect(await call('models/by-token:nope?')).toBe(404);
  expect(await call('nowhere?')).toBe(404);
  const listed = await fetch(`${service.url}/v1beta/models?key=${accessKey}`);
  written.push(await listed.text());
  upstream.behave(answerJson('<html>', 500));
  expect(await call('models/by-token:streamGenerateContent?alt=sse&')).toBe(502);
  // Paths that are no business of the relay's.
  for (const path of ['/v1betas', '/api/v1beta', '/']) {
    written.push(await (await fetch(`${service.url}${path}?key=${accessKey}`)).text());
  }
  written.push(await (await fetch(`${service.url}/metrics`)).text());

  await eventually(async () => {
    const { store } = deployment;
    const [charges, failures] = await Promise.all([
      eventsOfType(store, 'consumption-recorded'),
      eventsOfType(store, 'call-failed'),
    ]);
    return charges.length === 1 && failures.length >= 3;
  });
  expect(await service.process.stop()).toBe(0);
  written.push(service.process.output, await tables(deployment), await files(deployment));
  for (const { url, headers, raw } of upstream.seen)
    written.push(url, JSON.stringify(headers), raw.toString());

  const all = written.join('\n');
  // What is searched is there to be found: the charge, the refusals, the log lines.
  expect(all).toContain('/v1beta/models/{model}:generateContent');
  expect(all).toContain('insufficient_quota');
  expect(all).toContain('upstream-key');
  for (const secret of [accessKey, accessKey.slice(5, -5)]) {
    expect(all).not.toContain(secret);
    expect(all).not.toContain(Buffer.from(secret).toString('hex'));
  }
}, 120_000);
