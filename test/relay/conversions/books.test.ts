import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { driftOf } from '../../../src/books/verify/check.js';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { createUsageWriter } from '../../../src/commands/usage/record-usage.js';
import { convertibleProtocols as protocols } from '../../../src/domain/channel/conversion.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { PATIENCE_MS } from '../../support/eventually.js';
import { anEvent } from '../../support/events.js';
import { asking } from '../support/asking.js';
import { ACCOUNT, KEY, startWorld } from '../support/relay-world.js';
import { isStreamed, speakingChannel } from '../support/speaking-upstream.js';
import { situations } from '../support/situations.js';
import { listeners, type Said, speakers } from '../support/spoken-answers.js';
import { answerJson, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

// Every pair in every situation, however its bytes come, ends in the log, and the books add up: that what is charged is charged once is a matter of
// the log and its tables, not of what the relay believes.

const CREDIT = 1_000_000_000n;
const owner = { account_id: ACCOUNT, user_id: 1 };
const PACKET = 24;
const saids: Readonly<Record<string, Said>> = {
  ...situations,
  'an answer whose length must be counted': { text: 'so many words', unmetered: true },
};
const pairs = protocols.flatMap((client) =>
  protocols.filter((upstream) => upstream !== client).map((upstream) => [client, upstream] as const),
);
/** 8 plain, 4 cached at a half, 5 output. */
const CHARGE = 15n;

const packets = (text: string): string[] => {
  const bytes = Buffer.from(text).toString('latin1');
  return bytes.match(new RegExp(`[^]{1,${PACKET}}`, 'g')) ?? [];
};
/** How the bytes of an answer come. */
const comings = {
  whole: { isStream: false, packetsOf: (text: string) => [text] },
  'at once': { isStream: true, packetsOf: (text: string) => [text] },
  'in small packets': { isStream: true, packetsOf: packets },
};

let ledger: Ledger;
let upstream: TestUpstream;
/** Of all calls so far, and where the last of them stands. */
let owed = 0n;
let position = 0n;
beforeAll(async () => {
  ledger = await createLedger();
  await ledger.start();
  await ledger.given(
    anEvent('account-registered', owner),
    anEvent('token-issued', { ...owner, token_id: 1 }),
    anEvent('payment-credited', { ...owner, quota: CREDIT }),
  );
  upstream = await startTestUpstream(stream([]));
});
afterAll(async () => {
  await upstream.close();
  await ledger.close();
});

describe.each(pairs)('a client of %s on an upstream of %s', (client, protocol) => {
  it('pays once for whatever is said, however it comes', async () => {
    const world = await startWorld({
      channels: [speakingChannel('one', protocol, upstream)],
      balance: CREDIT,
    });
    const writer = createUsageWriter({
      store: ledger.store,
      now: Date.now,
      resolveWithinMs: 1_000,
      maxPending: 100,
    });
    for (const said of Object.values(saids))
      for (const { isStream, packetsOf } of Object.values(comings)) {
        upstream.behave((response, request) => {
          if (!isStreamed(request))
            return answerJson(JSON.stringify(speakers[protocol].whole(said)))(response, request);
          const pieces = packetsOf(speakers[protocol].pieces(said).join(''));
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          for (const piece of pieces)
            response.write(Buffer.from(piece, pieces.length > 1 ? 'latin1' : 'utf8'));
          response.end();
        });
        const before = world.settlement.charges.length;
        const heard = await ask(world.url, client, isStream);
        expect(heard).toMatchObject({ text: said.text ?? '', reason: said.reason ?? 'end' });
        expect(heard?.calls.map(({ name }) => name)).toEqual((said.calls ?? []).map(({ name }) => name));
        const charges = world.settlement.charges.slice(before);
        expect(charges).toHaveLength(1);
        if (!said.unmetered) expect(charges).toMatchObject([{ quota: CHARGE, basis: 'reported' }]);
      }
    expect(world.observed.faults).toEqual([]);
    expect(await world.held()).toBe(0n);
    for (const data of world.settlement.charges)
      ({ position } = await writer.end({ event: { type: 'consumption-recorded', data }, recovered: false }));
    owed += world.settlement.total;
    await world.close();
  });
});

describe('the books of all of them', () => {
  it('are in order, and say what was charged', async () => {
    expect(await ledger.waiter.waitFor(position, PATIENCE_MS)).toBe(true);
    const found = await verifyBooks({ store: ledger.store, pool: ledger.database.pool });
    expect(driftOf(found)).toBe(0);
    const calls = pairs.length * Object.keys(saids).length * Object.keys(comings).length;
    expect(found.events).toBe(calls + 3);
    expect(found.sums.find(({ name }) => name === 'charged')).toMatchObject({ events: -owed, tables: -owed });
  });
});

async function ask(url: string, client: (typeof protocols)[number], isStream: boolean) {
  const [path, body] = asking[client](isStream);
  const response = await fetch(url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(client === 'generate' ? { 'x-goog-api-key': KEY } : { authorization: `Bearer ${KEY}` }),
    },
  });
  expect(response.status).toBe(200);
  const text = await response.text();
  return isStream ? listeners[client].stream(text) : listeners[client].whole(JSON.parse(text));
}
