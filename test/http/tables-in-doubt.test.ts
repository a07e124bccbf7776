import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TablesInDoubt } from '../../src/commands/ledger/tables-guard.js';
import { fullPath } from '../../src/http/areas.js';
import type { Administration } from '../../src/http/operators/ports.js';
import { defaultHttpSettings } from '../../src/http/ports.js';
import { apiEndpoints } from '../../src/http/routes/endpoints.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

const REASON = 'older';
const endpoints = apiEndpoints(defaultHttpSettings.topupLimits);
/** What lets an operator in, and says what is the matter. */
const answered = [
  'adminBeginSession',
  'adminBeginSessionByPasskey',
  'adminBeginSessionSecondStep',
  'adminEndSession',
  'adminListFiredAlerts',
  'adminLogin',
  'adminLogout',
  'adminMe',
  'adminPasskeyOptions',
  'adminRenew',
  'adminShowSetup',
  'adminShowSystem',
  'status',
];

let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer({
    tables: { reading: () => Promise.reject(new TablesInDoubt(REASON, 'expected one, found another')) },
    admin: {
      noteTrace: () => Promise.resolve(),
      setup: { isOpen: () => Promise.resolve(false) },
    } as unknown as Administration,
  });
});
afterAll(() => server.close());

const ask = (method: string, path: string) =>
  server.raw(path.replace(/\{\w+\}/g, '1'), { method, headers: { 'accept-language': 'en' } });
const refusal = {
  success: false,
  code: 'ledger_unavailable',
  message: expect.stringContaining(REASON),
  details: { reason: REASON },
  request_id: expect.any(String),
};

describe('while the tables may be older ones or those of another ledger', () => {
  it('every operation of every area says so before it asks who wants to know, and tells nothing', async () => {
    const others: string[] = [];
    for (const bound of endpoints.filter(({ operationId }) => !answered.includes(operationId))) {
      const { status, headers, body } = await ask(bound.method.toUpperCase(), fullPath(bound));
      if (status !== 503) others.push(`${bound.operationId} ${status}`);
      expect(body).toEqual(refusal);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(others).toEqual([]);
  });

  it('but for those by which an operator sees what is the matter', async () => {
    expect(endpoints.flatMap(({ inDoubt, operationId }) => (inDoubt ? [operationId] : [])).sort()).toEqual(
      answered,
    );
    expect((await ask('GET', '/api/admin/setup')).status).toBe(200);
  });

  it('providers are not told that what they notify of was stored', async () => {
    const { status, headers, body } = await ask('POST', '/api/payments/notify/one');
    expect({ status, body }).toEqual({ status: 503, body: refusal });
    expect(headers.get('retry-after')).toBe('1');
  });

  it('is nothing that the log of the process is full of', () => {
    expect(server.logged.filter(({ message }) => message !== 'request')).toEqual([]);
  });
});
