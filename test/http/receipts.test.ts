import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeNow, type ClosingParts } from '../../src/books/liability/close-liability.js';
import { createReceipts } from '../../src/books/receipts.js';
import { commitLiability } from '../../src/commands/liability/commit-liability.js';
import { moneyEvents } from '../../src/projections/movement.js';
import { createTransparencyKeys } from '../../src/stores/transparency-keys.js';
import { checkBalanceProof } from '../../src/transparency/liability/balance-proof.js';
import { createAccountSalts } from '../../src/transparency/liability/account-salts.js';
import { createLeafMaker } from '../../src/transparency/leaf-entry.js';
import { checkReceipt } from '../../src/transparency/receipt.js';
import { ensureSigners, signersOf, verifiersOf } from '../../src/transparency/signing-keys.js';
import { TransparencyLog } from '../../src/transparency/transparency-log.js';
import { anEvent } from '../support/events.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';

const call_id = '00000000-0000-4000-8000-000000000001';

describe('receipts', () => {
  let ledger: RealLedger;
  let server: HttpServer;
  let tree: TransparencyLog;
  let closing: ClosingParts;
  let keys: ReturnType<typeof createTransparencyKeys>;
  let reader: string;
  let auditor: string;

  beforeAll(async () => {
    ledger = await createRealLedger();
    const { pool, store, keyring } = ledger;
    keys = createTransparencyKeys(pool, keyring);
    const leaves = createLeafMaker(keyring.transparencyKey);
    const salts = createAccountSalts(keyring.transparencyKey);
    await ensureSigners(keys, 'ledger.example/transparency', new Date());
    const signers = () => signersOf(keys);
    tree = new TransparencyLog({
      pool,
      store,
      leaves,
      signers,
      verifiers: () => verifiersOf(keys),
      now: () => new Date(),
      isOfLogAlone: () => false,
    });
    closing = {
      pool,
      store,
      salts,
      timeZone: 'UTC',
      now: () => new Date(),
      commit: async (committed) => void (await commitLiability(ledger.dependencies, committed, 'test')),
    };
    reader = (await ledger.serviceKeys.create('shop', ['read'])).key;
    auditor = (await ledger.serviceKeys.create('auditor', ['audit'])).key;
    server = await startHttpServer({
      commands: ledger.commands,
      readModels: ledger.readModels,
      receipts: createReceipts({ pool, store, leaves, salts, isOn: true }),
      auth: { mode: 'key', keys: ledger.serviceKeys },
    });
    await ledger.given(
      anEvent('account-registered', { external_user_id: 'user/1' }),
      anEvent('token-issued'),
      anEvent('payment-credited', { payment_id: 'pi_1' }),
      anEvent('consumption-recorded', { call_id, request_id: 'req-1' }),
      anEvent('payment-refunded', { payment_id: 'pi_1', refund_id: 're_1' }),
      anEvent('balance-adjusted', { adjustment_id: 'adj_1' }),
    );
  });
  afterAll(async () => {
    await server.close();
    await ledger.close();
  });

  const get = (path: string, key: string) =>
    server.raw(`/api${path}`, { headers: { authorization: `Bearer ${key}`, 'accept-language': 'en' } });
  const ofUser = (figure: string) => get(`/user/external/user%2F1/receipts/${figure}`, reader);
  const checked = async (text: string) =>
    checkReceipt(text, { logKeys: (await signersOf(keys)).map(({ key }) => key) });

  it('are there once the tree is signed, and until then it is said when to ask again', async () => {
    const early = await ofUser('pi_1');
    expect({ status: early.status, code: early.body.code }).toEqual({ status: 503, code: 'not_signed_yet' });
    expect(early.headers.get('retry-after')).toBe('10');
    await tree.advance();
    const { status, text, headers } = await ofUser('pi_1');
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe('attachment; filename="pi_1.tlog-proof"');
    expect(await checked(text)).toMatchObject({
      type: 'payment-credited.v3',
      data: expect.stringContaining('pi_1'),
    });
  });

  it('are given for refunds, adjustments and calls too, by the id of the request as well', async () => {
    for (const [figure, type] of [
      ['re_1', /^payment-refunded/],
      ['adj_1', /^balance-adjusted/],
      [call_id, /^consumption-recorded/],
      ['req-1', /^consumption-recorded/],
    ] as const)
      expect((await checked((await ofUser(figure)).text)).type).toMatch(type);
    const { text } = await get('/audit/receipts/re_1', auditor);
    expect((await checked(text)).type).toMatch(/^payment-refunded/);
  });

  it('are given for every event that moves money, by its figure and place', async () => {
    await ledger.given(
      anEvent('payment-refund-reversed'),
      anEvent('payment-taken-back'),
      anEvent('grant-given'),
      anEvent('grant-withdrawn', { quota: 1_000n }),
      anEvent('grant-expired', { quota: 499_000n }),
      anEvent('consumption-corrected', { call_id }),
      anEvent('call-abandoned', { call_id: '00000000-0000-4000-8000-000000000002' }),
    );
    await tree.advance();
    const { rows } = await ledger.pool.query<{ type: string; figure: string; position: bigint }>(
      `SELECT events.type, reference AS figure, position FROM p_usage_log.log_rows JOIN events USING (position)`,
    );
    for (const { type, figure, position } of rows) {
      const path = `/audit/receipts/${encodeURIComponent(figure)}?position=${position}`;
      const { status, text } = await get(path, auditor);
      expect({ type, status }).toEqual({ type, status: 200 });
      const proved = await checked(text);
      expect(proved.type).toBe(type);
      expect(proved.data).toContain(JSON.stringify(figure));
    }
    const proved = new Set(rows.map(({ type }) => type.replace(/\.v\d+$/, '')));
    for (const type of moneyEvents) expect(proved).toContain(type);
  });

  it('are given for what one had as well, once that was closed', async () => {
    const path = '/user/external/user%2F1/balance-proof';
    expect((await get(path, reader)).body.code).toBe('not_closed');
    const { asOf } = await closeNow(closing, 0n);
    await tree.advance();
    const { text, headers } = await get(path, reader);
    expect(headers.get('content-disposition')).toBe('attachment; filename="balance-newest.tlog-proof"');
    const logKeys = (await signersOf(keys)).map(({ key }) => key);
    expect(checkBalanceProof(text, { logKeys })).toMatchObject({ asOf, balance: expect.any(BigInt) });
    const again = await get(`/audit/users/user%2F1/balance-proof?as_of=${asOf}`, auditor);
    expect(again.text).toBe(text);
    expect((await get(path, auditor)).status).toBe(403);
    expect((await get(`${path}?as_of=yesterday`, reader)).status).toBe(400);
    expect((await get('/user/external/nobody/balance-proof', reader)).body.code).toBe('account_not_found');
  });

  it('are not given to whom they are none of, nor for what is not there', async () => {
    expect((await get('/user/external/user%2F1/receipts/pi_1', auditor)).status).toBe(403);
    expect((await get('/audit/receipts/pi_1', reader)).status).toBe(403);
    expect((await get('/user/external/nobody/receipts/pi_1', reader)).body.code).toBe('account_not_found');
    expect((await ofUser('pi_2')).body.code).toBe('figure_not_found');
    expect((await get('/user/external/user%2F1/receipts/pi_1?position=1', reader)).body.code).toBe(
      'figure_not_found',
    );
  });

  it('are none where nothing is signed, which is said to each who asks', async () => {
    const { pool, store, keyring } = ledger;
    const salts = createAccountSalts(keyring.transparencyKey);
    const leaves = createLeafMaker(keyring.transparencyKey);
    const off = await startHttpServer({
      commands: ledger.commands,
      readModels: ledger.readModels,
      receipts: createReceipts({ pool, store, leaves, salts, isOn: false }),
      auth: { mode: 'key', keys: ledger.serviceKeys },
    });
    try {
      for (const [path, key] of [
        ['/user/external/user%2F1/receipts/pi_1', reader],
        ['/user/external/user%2F1/balance-proof', reader],
        ['/audit/receipts/pi_1', auditor],
        ['/audit/users/user%2F1/balance-proof', auditor],
      ] as const) {
        const { status, body } = await off.raw(`/api${path}`, {
          headers: { authorization: `Bearer ${key}` },
        });
        expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: 'receipts_off' });
      }
    } finally {
      await off.close();
    }
  });

  it('are refused where the event is not what was signed', async () => {
    const { pool } = ledger;
    await pool.query('ALTER TABLE events DISABLE TRIGGER USER');
    await pool.query(
      `UPDATE events SET data = replace(data::text, '"amount_usd":"', '"amount_usd":"10')::json WHERE type LIKE 'payment-%'`,
    );
    const { status, body } = await ofUser('pi_1');
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'books_disagree' });
  });
});
