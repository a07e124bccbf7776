import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFinanceReports } from '../../../src/books/finance-reports.js';
import { eventually } from '../../support/eventually.js';
import { anEvent } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const FIXTURES = new URL('../../books/reconcile/fixtures/', import.meta.url);
let world: AdminServer;
let finance: string;
beforeAll(async () => {
  world = await startAdminServer();
  finance = await world.as('finance');
  await world.ledger.given(
    anEvent('account-registered'),
    anEvent('token-issued'),
    anEvent('payment-credited'),
    anEvent('consumption-recorded'),
  );
});
afterAll(() => world.close());

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  world.call(finance, method, path, body, headers);
const start = (body: object, headers?: Record<string, string>) => call('POST', '/jobs', body, headers);
const ended = (id: string) =>
  eventually(async () => {
    const { data } = (await call('GET', `/jobs/${id}`)).body;
    return data.state !== 'running' && data;
  });
/** Starts it and waits for its end. */
async function done(body: object) {
  const { status, body: answer } = await start(body);
  expect([status, answer.data?.state]).toEqual([200, 'running']);
  return ended(answer.data.id);
}
const resultOf = async ({ id }: { id: string }) => (await call('GET', `/jobs/${id}/result`)).text;
const upload = async (name: string, bytes?: Uint8Array<ArrayBuffer>) =>
  world.server.raw(`/api/admin/jobs/files?file=${name}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${finance}`, 'Accept-Language': 'en', 'Content-Type': 'text/csv' },
    body: bytes ?? new Uint8Array(await readFile(new URL(name, FIXTURES))),
  });

describe('a job', () => {
  it('verifies the books, keeps what it found, and the overview says up to where', async () => {
    const job = await done({ type: 'verify' });
    expect(job).toMatchObject({
      type: 'verify',
      started_by: 'operator:finance',
      state: 'finished',
      fault: null,
      outcome: { clean: true, drift: 0, behind: 0, differences: [] },
      result: { name: `verify-${job.outcome.position}.json` },
    });
    expect(job.progress.done).toBe(job.progress.total);
    const made = JSON.parse(await resultOf(job));
    expect(made).toMatchObject({ drift: 0, events: job.outcome.events });
    const overview = (await world.call(await world.as('auditor'), 'GET', '/overview')).body.data;
    expect(overview.verification).toEqual({
      job_id: job.id,
      clean: true,
      drift: 0,
      position: job.outcome.position,
      events: job.outcome.events,
      at: job.ended_at,
      by: 'operator:finance',
    });
  });

  it('says of books that do not agree that they do not', async () => {
    await world.ledger.pool.query('UPDATE p_balance.balances SET balance = balance + 1');
    const job = await done({ type: 'verify' });
    await world.ledger.pool.query('UPDATE p_balance.balances SET balance = balance - 1');
    expect(job).toMatchObject({ state: 'finished', outcome: { clean: false, drift: 1 } });
    expect(job.outcome.differences).toHaveLength(1);
    const { pool } = world.ledger;
    const told = async () =>
      (
        await pool.query(
          `SELECT details ->> 'value' AS value, resolved_at IS NULL AS open FROM alerts WHERE kind = 'books-disagree'`,
        )
      ).rows;
    expect(await told()).toEqual([{ value: '1', open: true }]);
    await done({ type: 'verify' });
    expect(await told()).toEqual([{ value: '1', open: false }]);
  });

  it('writes the journal as the command does', async () => {
    const { pool, store, vault } = world.ledger;
    const reports = createFinanceReports({ pool, store, openTexts: vault.openTexts, timezone: 'UTC' });
    const pieces: string[] = [];
    for await (const piece of await reports.export({ format: 'csv' })) pieces.push(piece);
    const job = await done({ type: 'export', format: 'csv' });
    expect(job).toMatchObject({ state: 'finished', result: { media_type: 'text/csv; charset=utf-8' } });
    const answer = await call('GET', `/jobs/${job.id}/result`);
    expect(answer.text).toBe(pieces.join(''));
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="journal.csv"');
    expect(Buffer.byteLength(answer.text)).toBe(job.result.bytes);
  });

  it('makes a read model anew and compares it, and swaps it in where that is asked for', async () => {
    const compared = await done({ type: 'rebuild', projection: 'payments', mode: 'compare' });
    expect(compared.outcome).toMatchObject({
      clean: true,
      projections: [{ projection: 'payments', equal: true, swapped: false }],
    });
    const swapped = await done({ type: 'rebuild', projection: 'payments', mode: 'swap' });
    expect(swapped.outcome.projections).toMatchObject([{ equal: true, swapped: true }]);
  });

  it('tells the digests of all tables, and which read models there are', async () => {
    const { projections, backups } = (await call('GET', '/jobs/choices')).body.data;
    expect(projections).toContain('acts');
    expect(backups).toBeNull();
    const job = await done({ type: 'digest' });
    const digests: readonly { table: string; digest: string }[] = job.outcome.tables;
    expect(new Set(digests.map(({ table }) => table.split('.')[0]))).toEqual(new Set(projections));
    expect(digests.every(({ digest }) => /^[0-9a-f]{32}$/.test(digest))).toBe(true);
  });

  it('lays an uploaded file beside the ledger, and shows how it begins before that', async () => {
    const { status, body } = await upload('generic.csv');
    expect([status, body.data]).toMatchObject([
      200,
      { name: 'generic.csv', provider: 'generic', upstream: null },
    ]);
    expect(body.data.rows[0]).toEqual(['payment_id', 'amount', 'currency', 'time', 'type', 'refund_id']);
    const job = await done({
      type: 'reconcile',
      against: 'psp',
      files: [body.data.file_id],
      from: '2026-11-01',
      to: '2026-11-30',
    });
    expect(job).toMatchObject({ state: 'finished', outcome: { clean: false } });
    const { classes } = job.outcome;
    expect(classes.map((each: { class: string }) => each.class)).toContain('missing-here');
    for (const { count, rows } of classes) expect(rows).toHaveLength(count);
    expect(await resultOf(job)).toContain('GEN-1');
  });

  it('takes what an upstream billed for what it is', async () => {
    const { body } = await upload('openai-usage.csv');
    expect(body.data).toMatchObject({ provider: null, upstream: expect.stringContaining('OpenAI') });
    expect(body.data.rows.length).toBeLessThanOrEqual(20);
  });
});

describe('what cannot be done', () => {
  it.each([
    [{ type: 'vacuum' }, ['type']],
    [{ type: 'rebuild' }, ['projection', 'mode']],
    [{ type: 'reconcile', against: 'psp' }, ['files', 'from', 'to']],
  ])('%j is refused by field', async (body, fields) => {
    const { status, body: answer } = await start(body);
    expect([status, answer.errors.map(({ field }: { field: string }) => field)]).toEqual([400, fields]);
  });

  it.each([
    [{ type: 'rebuild', projection: 'nothing', mode: 'swap' }, 'there is no projection nothing'],
    [{ type: 'export', from: 'yesterday' }, 'yesterday'],
    [{ type: 'backup' }, 'set BACKUP_DIR'],
    [{ type: 'drill' }, 'set BACKUP_DIR'],
    [
      { type: 'reconcile', against: 'psp', files: [randomUUID()], from: '2026-11-01', to: '2026-11-30' },
      'upload it again',
    ],
  ])('%j is refused in words, and no job is begun', async (body, words) => {
    const before = (await call('GET', '/jobs')).body.data.jobs.length;
    const { status, body: answer } = await start(body);
    expect([status, answer.code]).toEqual([400, 'job_invalid']);
    expect(answer.details.reason).toContain(words);
    expect((await call('GET', '/jobs')).body.data.jobs).toHaveLength(before);
  });

  it('is said of a file that is no table', async () => {
    const { status, body } = await upload('empty.csv', new Uint8Array());
    expect([status, body.code]).toEqual([400, 'job_invalid']);
  });

  it('is said of jobs that are not there or have ended', async () => {
    expect((await call('GET', `/jobs/${randomUUID()}`)).body.code).toBe('job_not_found');
    expect((await call('POST', `/jobs/${randomUUID()}/cancel`)).body.code).toBe('job_not_found');
    const { id } = await done({ type: 'verify' });
    expect((await call('POST', `/jobs/${id}/cancel`)).body.code).toBe('job_ended');
  });
});

it('a request that is sent again starts nothing again, and one that says something else is refused', async () => {
  const key = { 'Idempotency-Key': 'again' };
  const first = await start({ type: 'verify' }, key);
  const again = await start({ type: 'verify' }, key);
  expect(again.body.data.id).toBe(first.body.data.id);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const other = await start({ type: 'export' }, key);
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  await ended(first.body.data.id);
});

it('jobs are listed by the newest, page by page', async () => {
  const first = (await call('GET', '/jobs?limit=1')).body.data;
  const second = (await call('GET', `/jobs?limit=1&before=${first.next}`)).body.data;
  expect(second.jobs[0].created_at).toBeLessThanOrEqual(first.jobs[0].created_at);
  expect(second.jobs[0].id).not.toBe(first.jobs[0].id);
  const exports = (await call('GET', '/jobs?type=export')).body.data.jobs;
  expect(new Set(exports.map(({ type }: { type: string }) => type))).toEqual(new Set(['export']));
});

it('a job whose process died is interrupted, whoever looks', async () => {
  const id = randomUUID();
  await world.ledger.pool.query(
    `INSERT INTO jobs (id, type, input, started_by, alive_until) VALUES ($1, 'verify', '{}', 'operator:x', now() - interval '1 second')`,
    [id],
  );
  const { data } = (await call('GET', `/jobs/${id}`)).body;
  expect(data).toMatchObject({ state: 'interrupted', ended_at: expect.any(Number) });
});
