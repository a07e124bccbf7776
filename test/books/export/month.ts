import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { accountIdOf, grantIdOf } from '../../../src/commands/handling/identifiers.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { leftOfGrant } from '../../../src/projections/grant/query.js';
import { priceOrder } from '../../../src/domain/order/price.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { ledgerProjections } from '../../../src/projections/all-projections.js';
import { startProjector } from '../../../src/projections/projector.js';
import { PositionWaiter } from '../../../src/projections/runtime/waiter.js';
import { FakeCachedBalance } from '../../support/fake-cached-balance.js';
import { createCommandWorld } from '../../support/command-world.js';
import { PATIENCE_MS } from '../../support/eventually.js';
import { anEvent, append } from '../../support/events.js';
import { keepLogInDatabase } from '../../support/kept-log.js';
import { monthly, orderPlan, PLAN } from '../../support/paid-plan.js';
import { createTestDatabase } from '../../support/postgres.js';

const meta = { actor: 'service-key:shop', requestId: 'r' };
const USD = 500_000n;

/** What Stripe says of the month. */
export const STRIPE_FILE = `balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id
txn_1,2026-11-02 09:00:00,cny,500.00,18.70,481.30,charge,ch_1,pi_1
txn_2,2026-11-03 09:00:00,cny,200.00,8.90,191.10,charge,ch_2,pi_2
txn_3,2026-11-04 09:00:00,cny,99.00,5.90,93.10,charge,ch_3,pi_3
txn_4,2026-11-15 09:00:00,cny,-150.00,0.00,-150.00,refund,re_1,pi_1
txn_5,2026-11-20 09:00:00,cny,-200.00,120.00,-320.00,dispute,dp_1,pi_2
txn_6,2026-11-24 09:00:00,cny,-100.00,0.00,-100.00,payout,po_1,
`;

/** A month of four customers by the commands of the service, at times of our choice, in a database that commands of `counterfoil` can be asked about. */
export async function aMonth(masterKey: Buffer, folder: string) {
  const database = await createTestDatabase({ readModels: true });
  const { pool } = database;
  const world = createCommandWorld({
    overrides: { leftOfGrant: (grantId) => leftOfGrant(pool, grantId), timezone: 'UTC' },
  });
  const { commands, store, clock } = world;
  const waiter = new PositionWaiter({ db: pool, projections: ledgerProjections.map(({ name }) => name) });
  const options = {
    pool,
    cachedBalance: new FakeCachedBalance(),
    waiter,
    timeZone: 'UTC',
    pollIntervalMs: 20,
  };
  const first = await startProjector({ ...options, store });
  const caughtUp = async () => {
    if (!(await waiter.waitFor(await store.head(), PATIENCE_MS))) throw new Error('it did not get there');
  };
  const on = (day: number, hour = 9) => (clock.now = new Date(Date.UTC(2026, 10, day, hour)));
  const done = async <Value>(
    result: Promise<{ ok: true; value: Value } | { ok: false; refusal: { code: string } }>,
  ): Promise<Value> => {
    const found = await result;
    if (!found.ok) throw new Error(found.refusal.code);
    return found.value;
  };

  const see = (
    orderId: string,
    fact: Pick<Sighting, 'what' | 'amountMinor' | 'providerPayment' | 'disputeId'>,
  ) => {
    const sighting = { orderId, merchant: 'acct_1', currency: 'CNY', at: clock.now, ...fact };
    const of = { providerId: 'stripe', merchant: 'acct_1', seenBy: 'notification', suspends: true } as const;
    return done(commands.applySighting({ sighting, ...of, evidenceSha256: 'e5'.repeat(32) }, meta));
  };
  const order = async (externalUserId: string, amount: string) => {
    const price = priceOrder(firstPaymentTerms, 'CNY', amount);
    if ('fault' in price) throw new Error('there is no price');
    const asked = { method: 'card', currency: 'CNY', amount };
    const placing = { externalUserId, asked, price, providerId: 'stripe', providerRevision: 1 };
    return done(commands.placeOrder({ ...placing, forMs: 1_800_000, openMost: 9, hourlyMost: 9 }, meta));
  };
  const call = (externalUserId: string, usd: bigint) =>
    append(
      store,
      anEvent('consumption-recorded', {
        ...{ account_id: accountIdOf(externalUserId), call_id: randomUUID(), quota: usd * USD },
        started_at: clock.now.toISOString(),
      }),
    );

  on(1);
  for (const name of ['user_001', 'user_002', 'user_003', 'user_004'])
    await done(commands.syncAccount({ externalUserId: name, username: name }, meta));
  on(2);
  const large = await order('user_001', '500');
  await see(large.orderId, { what: 'paid', amountMinor: 50_000n, providerPayment: 'pi_1' });
  on(3);
  const small = await order('user_002', '200');
  await see(small.orderId, { what: 'paid', amountMinor: 20_000n, providerPayment: 'pi_2' });
  on(4);
  await done(commands.publishPlan({ planId: PLAN, terms: monthly }, meta));
  const plan = await orderPlan(commands, 'user_003', { provider: 'stripe' });
  await see(plan.orderId ?? '', { what: 'paid', amountMinor: 9_900n, providerPayment: 'pi_3' });
  on(5);
  const source = 'operator:welcome';
  const grant = {
    source,
    quota: 10n * USD,
    kind: 'promo',
    endsAt: new Date('2026-11-30T00:00:00Z'),
  } as const;
  await done(commands.giveGrant({ ...grant, externalUserId: 'user_004', reason: 'welcome' }, meta));
  on(10);
  await call('user_001', 12n);
  await call('user_002', 3n);
  await call('user_003', 5n);
  await call('user_004', 3n);
  on(15);
  await see(large.orderId, { what: 'refunded', amountMinor: 15_000n, providerPayment: 'pi_1' });
  on(20);
  const dispute = {
    what: 'disputed',
    amountMinor: 20_000n,
    providerPayment: 'pi_2',
    disputeId: 'dp_1',
  } as const;
  await see(small.orderId, dispute);
  on(30, 0);
  await caughtUp();
  const grantId = grantIdOf(source);
  await done(commands.closeGrant({ grantId, why: 'ended', reason: '' }, meta));
  await caughtUp();
  const left = (await leftOfGrant(pool, grantId))?.left ?? -1n;
  await done(commands.endGrant({ grantId, left }, meta));
  await keepLogInDatabase({ store, database }, masterKey);
  await first.stop();
  await writeFile(`${folder}/stripe-november.csv`, STRIPE_FILE);
  const kept = createPostgresEventStore({ connectionString: database.url });
  const second = await startProjector({ ...options, store: kept });
  return {
    url: database.url,
    close: async () => {
      await second.stop();
      await kept.close();
      await store.close();
      await database.drop();
    },
  };
}
