import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Sighting } from '../../src/domain/order/sighting.js';
import type { Answer } from '../../src/providers/asking/ask.js';
import {
  type Notification,
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
  type RawRequest,
  type RefundedPayment,
} from '../../src/reactions/payments/provider.js';
import type { Bench, Subject } from './contract/subject.js';
import { ordered } from './contract/subject.js';
import { type StartedSubject, startSubject, subjectNames } from './contract/subjects.js';

/** What goes wrong between us and a provider: of none of it anything is known. */
const breaks: readonly (readonly [string, (answer: () => Promise<Answer>) => Promise<Answer>])[] = [
  ['a page for maintenance', async (answer) => ({ ...(await answer()), text: '<html>maintenance</html>' })],
  ['half of it', async (answer) => halved(await answer())],
  ['nothing at all', async (answer) => ({ ...(await answer()), text: '' })],
  ['null', async (answer) => ({ ...(await answer()), text: 'null' })],
  ['lost', async (answer) => answer().then(() => Promise.reject(new ProviderUnavailable('lost')))],
];
const halved = (answer: Answer): Answer => ({
  ...answer,
  text: answer.text.slice(0, answer.text.length / 2),
});

const whats = (sightings: readonly Sighting[]) => sightings.map(({ what }) => what);
/** Of some, the notification says no time. */
const timeless = (sightings: readonly Sighting[]) => sightings.map(({ at: _, ...said }) => said);

describe.each(subjectNames)('%s', (name) => {
  let started: StartedSubject;
  let subject: Subject;
  let provider: PaymentProvider;
  let bench: Bench;
  beforeAll(async () => {
    started = await startSubject(name);
    ({ subject, bench } = started);
    ({ provider } = subject);
  });
  afterAll(() => started.close());
  beforeEach(() => {
    bench.clock.aheadMs = 0;
    bench.line.broken = undefined;
  });

  async function opened(): Promise<PayableOrder> {
    const order = ordered('wxpay', bench.now());
    const { ref, url } = await provider.open(order);
    await subject.visit(url);
    return { ...order, checkoutRef: ref };
  }
  async function paid(amountMinor?: bigint): Promise<{ order: PayableOrder; notified: RawRequest }> {
    const order = await opened();
    await subject.pay(order, amountMinor === undefined ? undefined : { amountMinor });
    return { order, notified: bench.sent.at(-1) as RawRequest };
  }
  async function saidBy(request: RawRequest): Promise<readonly Sighting[]> {
    const read = provider.readNotification(request);
    if (typeof read === 'string') throw new Error(read);
    return read.sightings();
  }
  const isTold = name !== 'transfers';
  const isAsked = isTold && name !== 'the test provider';
  const sendsBack = isTold && name !== 'Epay 1';

  describe('opens', () => {
    it('one checkout of an order, however often', async () => {
      const order = ordered('wxpay', bench.now());
      const first = await provider.open(order);
      await subject.visit(first.url);
      const again = await provider.open(order);
      if (subject.opensOnce) expect(again.ref).toBe(first.ref);
      else expect(withoutTime(again)).toEqual(withoutTime(first));
      await subject.visit(again.url);
      expect(subject.checkouts(order.orderId)).toBe(1);
    });
  });

  describe('is asked', () => {
    it('of what it never heard of, and of what nobody paid: there is nothing', async () => {
      expect(await provider.query(ordered('wxpay', bench.now()))).toEqual([]);
      expect(whats(await provider.query(await opened()))).not.toContain('paid');
    });

    if (!isTold) return;

    it('of what was paid: once, in full, to us', async () => {
      const { order } = await paid();
      const [seen, ...more] = await provider.query(order);
      expect(seen).toMatchObject({
        ...{ orderId: order.orderId, what: 'paid', currency: 'CNY', amountMinor: 50_000n },
        merchant: provider.merchant,
      });
      expect(more).toEqual([]);
      expect(Math.abs((seen?.at.getTime() ?? 0) - bench.now().getTime())).toBeLessThan(60_000);
      expect(await provider.query(order)).toEqual([seen]);
    });

    if (!isAsked) return;

    it('and what it answers says nothing: nobody knows', async () => {
      const { line } = bench;
      const { order } = await paid();
      for (const [, broken] of breaks) {
        line.broken = broken;
        await expect(provider.query(order)).rejects.toBeInstanceOf(ProviderUnavailable);
      }
      if (!subject.answersAreSigned) return;
      line.broken = async (answer) => {
        const said = await answer();
        return { ...said, text: said.text.replace(/5000?0?/, '7000') };
      };
      await expect(provider.query(order)).rejects.toBeInstanceOf(ProviderUnavailable);
    });
  });

  describe('is told', () => {
    it('and answers each in its way', () => {
      const [stored, forged, later] = (['stored', 'forged', 'later'] as const).map((outcome) =>
        provider.acknowledge(outcome),
      );
      expect(stored?.status).toBe(isTold ? 200 : 404);
      expect(forged?.status).toBeGreaterThanOrEqual(400);
      expect(later?.status).toBe(isTold ? 503 : 404);
    });

    it('what nobody signed', () => {
      for (const body of ['', '{}', 'a=b', 'pid=1001&sign=&sign_type=MD5', '<html>'])
        expect(
          provider.readNotification({ method: 'POST', query: '', headers: {}, body: Buffer.from(body) }),
        ).toBe('forged');
    });

    if (!isTold) return;

    it('what its query says too, of the orders that it names, as often as it is told', async () => {
      const { order, notified } = await paid();
      const read = provider.readNotification(notified) as Notification;
      expect(read.orderIds).toEqual([order.orderId]);
      const said = timeless(await read.sightings());
      expect(said).toEqual(timeless(await provider.query(order)));
      expect(timeless(await saidBy(notified))).toEqual(said);
    });

    it('by somebody else', async () => {
      const { notified } = await paid();
      expect(subject.stranger?.readNotification(notified)).toBe('forged');
    });

    it('with a byte that is another: nothing, or the same', async () => {
      const { notified } = await paid();
      const said = timeless(await saidBy(notified));
      for (const altered of alterations(notified)) {
        const read = provider.readNotification(altered);
        if (typeof read === 'string') expect(read).toBe('forged');
        else expect(timeless(await read.sightings())).toEqual(said);
      }
    });

    it('another amount: that it is another', async () => {
      const { notified } = await paid(49_999n);
      expect(await saidBy(notified)).toMatchObject([{ what: 'paid', amountMinor: 49_999n }]);
    });

    it('of one order: nothing of another', async () => {
      const [one, other] = [await paid(), await paid()];
      expect(await saidBy(one.notified)).toMatchObject([{ orderId: one.order.orderId }]);
      expect(await saidBy(other.notified)).toMatchObject([{ orderId: other.order.orderId }]);
    });

    it('long ago, or in the future', async () => {
      const { order, notified } = await paid();
      for (const seconds of [-290, 290]) {
        bench.clock.aheadMs = seconds * 1_000;
        expect(await saidBy(notified)).toMatchObject([{ orderId: order.orderId, what: 'paid' }]);
      }
      for (const seconds of [-310, 310, -86_400, 86_400]) {
        bench.clock.aheadMs = seconds * 1_000;
        const read = provider.readNotification(notified);
        // What is not dated is a fact whenever it comes, and a repetition changes nothing.
        expect(typeof read === 'string').toBe(subject.isTimed);
      }
    });
  });

  describe('gives back', () => {
    it('by itself, or not at all', () => {
      expect(provider.refunds !== undefined).toBe(sendsBack);
    });

    if (!sendsBack) return;
    let orders = 0;
    const refundOf = (
      order: PayableOrder,
      providerPayment: string,
      amountMinor: bigint,
    ): RefundedPayment => ({
      refundId: `RF${order.orderId.slice(2, -2)}${String(++orders).padStart(2, '0')}`,
      ...{ providerPayment, currency: 'CNY', amountMinor },
    });
    async function refundable() {
      const { refunds } = provider;
      if (!refunds) throw new Error('it sends nothing back');
      const { order } = await paid();
      const [seen] = await provider.query(order);
      const of = (amountMinor: bigint) => refundOf(order, seen?.providerPayment ?? '', amountMinor);
      return { order, refunds, of };
    }

    it('once a number, and two equal parts are two', async () => {
      const { order, refunds, of } = await refundable();
      const [one, other] = [of(20_000n), of(20_000n)];
      expect(await refunds.query(order, one)).toBe('none');
      const done = await refunds.send(order, one);
      expect(done).toMatchObject({ state: 'succeeded' });
      expect(await refunds.send(order, one)).toEqual(done);
      expect(await refunds.query(order, one)).toEqual(done);
      expect(await refunds.query(order, other)).toBe('none');
      expect(await refunds.send(order, other)).toMatchObject({ state: 'succeeded' });
      expect(subject.given(order)).toBe(40_000n);
      expect(whats(await provider.query(order))[0]).toBe('paid');
    });

    it('no more than was paid, and says so for good', async () => {
      const { order, refunds, of } = await refundable();
      const tooMuch = of(50_001n);
      expect(await refunds.send(order, tooMuch)).toMatchObject({ state: 'failed', why: expect.any(String) });
      expect(await refunds.query(order, tooMuch)).toBe('none');
      expect(subject.given(order)).toBe(0n);
    });

    if (!isAsked) return;

    it.each(breaks)('and its answer is %s: that is asked about, and not given twice', async (_, broken) => {
      const { line } = bench;
      const { order, refunds, of } = await refundable();
      const refund = of(20_000n);
      line.broken = broken;
      await expect(refunds.send(order, refund)).rejects.toBeInstanceOf(ProviderUnavailable);
      await expect(refunds.query(order, refund)).rejects.toBeInstanceOf(ProviderUnavailable);
      line.broken = undefined;
      expect(await refunds.query(order, refund)).toMatchObject({ state: 'succeeded' });
      expect(await refunds.send(order, refund)).toMatchObject({ state: 'succeeded' });
      expect(subject.given(order)).toBe(20_000n);
    });
  });

  describe('closes', () => {
    it('what nobody paid, and finds what was', async () => {
      const close = provider.close?.bind(provider);
      expect(close !== undefined).toBe(isAsked && name !== 'Epay 1');
      if (!close) return;
      const open = await opened();
      await close(open);
      expect(whats(await provider.query(open))).not.toContain('paid');
      const { order } = await paid();
      await close(order).catch((error: unknown) => expect(error).toBeInstanceOf(ProviderUnavailable));
      expect(await provider.query(order)).toMatchObject([{ what: 'paid', amountMinor: 50_000n }]);
    });
  });

  // The last of them: it is about all that was said above too.
  describe('keeps to itself', () => {
    it('its secrets, whatever it is asked, told, and answered (I7)', async () => {
      const { said } = started;
      const secrets = [...bench.secrets];
      expect(secrets.length > 0).toBe(isAsked);
      expect(secrets.filter((secret) => secret.length < 8)).toEqual([]);
      const { order, notified } = isTold ? await paid() : { order: await opened(), notified: undefined };
      const refund = { refundId: 'RF1', providerPayment: 'p', currency: 'CNY', amountMinor: 1n };
      for (const echo of echoes(secrets)) {
        bench.line.broken = echo;
        const asked = [
          () => provider.open(ordered('wxpay', bench.now())),
          () => provider.query(order),
          () => provider.refunds?.send(order, refund),
          () => provider.refunds?.query(order, refund),
          () => provider.close?.(order),
          () => provider.list?.(new Date(0)),
          () => notified && saidBy(notified),
        ];
        // Whether it says something or throws: how, is what this is about.
        for (const ask of asked) await Promise.resolve(ask()).catch(() => undefined);
      }
      expect(said.length).toBeGreaterThan(isAsked ? 30 : 5);
      for (const secret of secrets.flatMap(formsOf))
        expect(said.filter((words) => words.includes(secret))).toEqual([]);
    });
  });
});

/** As keys are shown by mistake: themselves, in an address, in a text of JSON, and in pieces by line. */
const formsOf = (secret: string): readonly string[] => {
  const lines = secret.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...lines];
};

/** A provider that repeats in its answer with which key it was asked, in the members where theirs say what is wrong. */
function* echoes(secrets: readonly string[]) {
  const words = secrets.join(' ');
  const message = { msg: words, message: words, sub_msg: words };
  const code = secrets[0] ?? '';
  const texts = [
    `<html>${words}</html>`,
    words,
    JSON.stringify({ code: -1, error: message, ...message }),
    JSON.stringify({ ...{ code, sub_code: code }, error: { code, type: code } }),
  ];
  for (const status of [200, 400, 401])
    for (const text of texts)
      yield async (answer: () => Promise<Answer>): Promise<Answer> => ({ ...(await answer()), status, text });
  yield (): Promise<Answer> => Promise.reject(new ProviderUnavailable('the connection was lost'));
}

/** One byte after the other of what is signed, some of them. */
function* alterations(request: RawRequest): Generator<RawRequest> {
  const inBody = request.body.length > 0;
  const text = inBody ? request.body.toString('latin1') : request.query;
  const step = Math.max(1, Math.floor(text.length / 60));
  for (let at = 0; at < text.length; at += step) {
    const letter = String.fromCharCode(text.charCodeAt(at) ^ 1);
    const altered = text.slice(0, at) + letter + text.slice(at + 1);
    yield inBody ? { ...request, body: Buffer.from(altered, 'latin1') } : { ...request, query: altered };
  }
}

/** What is signed anew says when. */
const withoutTime = (checkout: { readonly url?: string | undefined }) => {
  const url = checkout.url === undefined ? undefined : new URL(checkout.url);
  for (const each of ['sign', 'timestamp']) url?.searchParams.delete(each);
  return { ...checkout, url: url?.href };
};
