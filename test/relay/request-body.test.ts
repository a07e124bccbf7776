import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BodyBudget } from '../../src/relay/body-budget.js';
import { FormBody } from '../../src/relay/multipart/form-body.js';
import { UploadStore } from '../../src/relay/multipart/upload-store.js';
import { defaultRelaySettings } from '../../src/relay/ports.js';
import { ClientGone, RequestBody } from '../../src/relay/request-body.js';

/** A request whose client went before anybody looked for its body. */
async function brokenOff(headers: IncomingMessage['headers']): Promise<IncomingMessage> {
  const request = new IncomingMessage(new Socket());
  request.headers = headers;
  request.on('error', () => undefined);
  request.destroy();
  await once(request, 'close');
  return request;
}

describe('a body whose client has gone before it is looked for', () => {
  it('is not waited for', async () => {
    const budget = new BodyBudget(defaultRelaySettings);
    const request = await brokenOff({});
    const body = new RequestBody(request, 1_000, { push: () => undefined }, budget.share(1));
    await expect(body.whole).rejects.toBeInstanceOf(ClientGone);
    expect(budget.heldBytes).toBe(0);
  });

  it('nor is a form', async () => {
    const uploadDirectory = await mkdtemp(join(tmpdir(), 'counterfoil-forms-'));
    try {
      const request = await brokenOff({ 'content-type': 'multipart/form-data; boundary=x' });
      const form = new FormBody(
        request,
        new UploadStore({ ...defaultRelaySettings, uploadDirectory }),
        1_000,
      );
      await expect(form.whole).rejects.toBeInstanceOf(ClientGone);
      await form.discard();
    } finally {
      await rm(uploadDirectory, { recursive: true, force: true });
    }
  });
});
