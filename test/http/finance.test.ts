import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFinanceReports } from '../../src/books/finance-reports.js';
import { counterfoil } from '../support/counterfoil.js';
import { anEvent } from '../support/events.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';

const GENERIC = new URL('../books/reconcile/fixtures/generic.csv', import.meta.url).pathname;
const MONTH = 'from=2026-11-01&to=2026-11-30';

describe('the reports of finance under /api/audit', () => {
  let ledger: RealLedger;
  let server: HttpServer;
  let auditor: string;
  let frontEnd: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    ledger = await createRealLedger();
    const { pool, store } = ledger;
    auditor = (await ledger.serviceKeys.create('auditor', ['audit'])).key;
    frontEnd = (await ledger.serviceKeys.create('shop', ['users', 'topups', 'tokens', 'read'])).key;
    server = await startHttpServer({
      finance: createFinanceReports({ pool, store, openTexts: ledger.vault.openTexts, timezone: 'UTC' }),
      auth: { mode: 'key', keys: ledger.serviceKeys },
    });
    environment = { DATABASE_URL: ledger.url, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
    await ledger.given(
      anEvent('account-registered'),
      anEvent('token-issued'),
      anEvent('payment-credited'),
      anEvent('consumption-recorded'),
      anEvent('payment-refunded'),
    );
  });
  afterAll(async () => {
    await server.close();
    await ledger.close();
  });

  const ask = (path: string, init: RequestInit = {}, key = auditor) =>
    server.raw(`/api/audit${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${key}`, 'Accept-Language': 'en' },
    });
  const post = async (path: string, file = GENERIC) =>
    ask(`/reconcile/${path}`, { method: 'POST', body: new Uint8Array(await readFile(file)) });

  it.each([
    ['hledger', 'text/plain'],
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ])('exports as %s, byte for byte what the command writes', async (format, type) => {
    const { status, headers, text } = await ask(`/export?format=${format}&from=2026-01-01`);
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: `${type}; charset=utf-8`,
    });
    const command = await counterfoil(['export', '--format', format, '--from', '2026-01-01'], environment);
    expect(command.stdout).toBe(text);
    expect(text).toContain('user-1');
  });

  it.each(['table', 'csv', 'json'])('reconciles a file as %s, byte for byte', async (report) => {
    const { status, headers, text } = await post(
      `psp?${MONTH}&file=generic.csv&report=${report}&prefix=pi_&prefix=x`,
    );
    expect({ status, clean: headers.get('reconciliation-clean') }).toEqual({ status: 200, clean: 'false' });
    const options = ['--from', '2026-11-01', '--to', '2026-11-30', '--prefix', 'pi_', '--prefix', 'x'];
    const command = await counterfoil(
      ['reconcile', '--psp', GENERIC, ...options, '--report', report],
      environment,
    );
    // What fetch calls text has lost its byte order mark.
    expect(command).toMatchObject({ code: 1, stdout: (report === 'csv' ? '\uFEFF' : '') + text });
  });

  it('names what is wrong with the file, the parameters or the caller', async () => {
    const wrong = await post(`upstream?${MONTH}&file=generic.csv`);
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'wrong_file', details: { reason: expect.stringContaining('generic.csv, line 1') } },
    });
    const period = await ask('/export?from=2026-11-30&to=2026-11-01');
    expect(period).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        details: { reason: expect.stringContaining('ends before it begins') },
      },
    });
    expect(await post(`psp?${MONTH}&file=..%2Fx`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'file' }] },
    });
    expect(await post('psp')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'from' }, { field: 'to' }] },
    });
    expect((await ask('/export', {}, frontEnd)).status).toBe(403);
    const large = await ask(`/reconcile/psp?${MONTH}`, {
      method: 'POST',
      body: new Uint8Array(65 * 1024 * 1024),
    }).catch(() => undefined);
    expect(large?.status ?? 413).toBe(413);
  });

  it('lets go of what nobody reads', async () => {
    for (let time = 0; time < 5; time++) expect((await ask('/export', { method: 'HEAD' })).status).toBe(200);
    expect((await ask('/export?format=csv')).status).toBe(200);
  });
});
