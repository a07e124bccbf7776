import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { UpstreamExchange } from '../../../../src/relay/upstreams/transport/exchange.js';

/** A request on its way, as undici tells of it. One that has ended does not call back when it is aborted. */
function exchange() {
  const under = new UpstreamExchange({ sink: undefined, maxAnswerBytes: 1_000_000 });
  const ignore = () => undefined;
  const controller = { abort: ignore, pause: ignore, resume: ignore };
  const dispatched = controller as unknown as Dispatcher.DispatchController;
  under.bodyRead();
  under.onRequestStart(dispatched);
  return { under, dispatched };
}

describe('a request to an upstream', () => {
  it('that is broken off while the end of its answer is inflated has ended', async () => {
    const { under, dispatched } = exchange();
    under.onResponseStart(dispatched, 200, { 'content-encoding': 'gzip' });
    under.onResponseData(dispatched, gzipSync('x'.repeat(100_000)));
    under.onResponseEnd();
    under.abort();
    expect(await under.answer).toEqual({ kind: 'failed', failure: 'aborted', headCame: true });
  });

  it('that has ended stays what it was when it is broken off', async () => {
    const { under, dispatched } = exchange();
    under.onResponseStart(dispatched, 200, { 'content-type': 'application/json' });
    under.onResponseData(dispatched, Buffer.from('{"whole":true}'));
    under.onResponseEnd();
    under.abort();
    expect(await under.answer).toMatchObject({ kind: 'whole', status: 200 });
  });

  it('is worked on from its last byte on, until upstream refuses it', () => {
    const { under, dispatched } = exchange();
    expect(under.atWork).toBe(true);
    under.onResponseStart(dispatched, 429, {});
    expect([under.sent, under.atWork]).toEqual([true, false]);
  });
});
