import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { frontEnd, succeed } from '../acceptance/support/clients.js';
import type { Service } from '../../src/compose/service.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import { eventually } from '../support/eventually.js';
import type { TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { alarmsIn, driftIn, highestUserId } from './which-log/books.js';
import {
  countIn,
  type LivedLedger,
  liveALedger,
  type Moment,
  ownEvents,
  placeTables,
  putRedis,
  putSpool,
  spoolFilesIn,
  startQuietly,
} from './which-log/moments.js';
import { RunningLedger } from './which-log/running-ledger.js';
import {
  AT_START,
  WHILE_RUNNING,
  isMeant,
  nameOf,
  PAIRS,
  ruleFor,
  type State,
  type Trial,
  trialsOf,
} from './which-log/rules.js';

const NOTHING = { frontEnd: undefined, wallet: undefined };
const PATIENCE = { timeoutMs: 60_000, intervalMs: 50 };

let folder: string;
let redis: TestRedis;
let ours: LivedLedger;
let theirs: LivedLedger;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-matrix-'));
  redis = await startRedis();
  ours = await liveALedger(folder, redis.url);
  await putRedis(redis.url, []);
  theirs = await liveALedger(folder, redis.url);
}, 240_000);
afterAll(async () => {
  await ours.drop();
  await theirs.drop();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const momentOf = (state: State): Moment | undefined =>
  state === 'empty' ? undefined : state === "another's" ? theirs.right : ours[state];

describe('a start on what is left of a ledger moves no money in silence', () => {
  it.each(PAIRS.map((pair) => [nameOf(pair), pair] as const))(
    '(%s), with every cached balance and every spool',
    async (_name, pair) => {
      const wrong: string[] = [];
      let untouched: TestDatabase | undefined;
      for (const trial of trialsOf(AT_START, pair)) {
        const goesOn = saysOf(trial) === 'goes on';
        // A start that is refused leaves the tables as they are.
        const tables = goesOn
          ? await placeTables(momentOf(pair.tables))
          : (untouched ??= await placeTables(momentOf(pair.tables)));
        await startOn(trial, tables).catch((error: Error) => {
          const { spools, ...parts } = trial;
          wrong.push(`${nameOf(parts)}, spool: ${spools.join(' and ')}: ${error.message}`);
        });
        if (goesOn) await tables.drop();
      }
      await untouched?.drop();
      expect(wrong).toEqual([]);
    },
    240_000,
  );
});

/** The same for all cells of a trial. */
const saysOf = ({ spools: [spool = 'empty'], ...parts }: Trial) =>
  ruleFor(AT_START, { ...parts, spool }).says;

async function startOn(trial: Trial, tables: TestDatabase): Promise<void> {
  const log = new StandInLog(undefined, momentOf(trial.log)?.log ?? []);
  const found = ownEvents(log).length;
  const standIn = await startEventStoreStandIn({ log });
  await tables.pool.query('TRUNCATE alerts, outbox');
  await putRedis(redis.url, momentOf(trial.redis)?.redis ?? []);
  const dataDir = await mkdtemp(join(folder, 'start-'));
  const spools: { readonly callId: string; readonly isMeant: boolean }[] = [];
  for (const state of trial.spools) {
    const spool = momentOf(state)?.spool;
    if (!spool) continue;
    const callId = await putSpool(dataDir, spool);
    spools.push({ callId, isMeant: isMeant({ log: trial.log, spool: state }) });
  }
  let service: Service | undefined;
  try {
    const outcome = await startQuietly({
      DATABASE_URL: tables.url,
      EVENTSTORE_URL: standIn.connectionString,
      REDIS_URL: redis.url,
      DATA_DIR: dataDir,
    }).then(
      (started) => ((service = started), 'goes on'),
      (error: Error & { reason?: string }) => error.reason ?? error.message,
    );
    expect(outcome).toBe(saysOf(trial));
    if (service) {
      if (trial.log === 'right' || trial.log === 'older') await creditsOnce(service, log);
      await drainsWhatIsMeant(service, spools, { log, dataDir });
    } else {
      expect(ownEvents(log)).toHaveLength(found);
      expect(await alarmsIn(tables.pool)).toEqual([`wrong-log/${outcome}`]);
      const { waiting, setAside } = await spoolFilesIn(dataDir);
      expect([...waiting, ...setAside]).toHaveLength(spools.length);
    }
  } finally {
    await service?.close();
    await standIn.close();
  }
}

/** What the log has is not credited again, what it lacks is credited once, and no number is given twice. */
async function creditsOnce({ url }: Service, log: StandInLog): Promise<void> {
  const given = highestUserId(log);
  for (const payment_id of ['pi-1', 'pi-2', 'pi-2']) {
    const body = { external_user_id: ours.userId, amount_usd: 1, payment_id };
    expect((await frontEnd(url, 'POST', '/topup', body)).status).toBe(200);
  }
  for (const payment of ['pi-1', 'pi-2']) expect(countIn(log, 'payment-credited', `"${payment}"`)).toBe(1);
  const somebody = { external_user_id: 'somebody-new', username: 'somebody-new' };
  expect((await succeed(url, 'POST', '/sync', somebody)).user_id).toBeGreaterThan(given);
}

interface Found {
  readonly log: StandInLog;
  readonly dataDir: string;
}

/** A charge of the spool is in the log once, or its file is kept for a person; and the books agree. */
async function drainsWhatIsMeant(
  service: Service,
  spools: readonly { readonly callId: string; readonly isMeant: boolean }[],
  { log, dataDir }: Found,
): Promise<void> {
  await eventually(async () => {
    const { waiting, setAside } = await spoolFilesIn(dataDir);
    expect({ waiting, setAside: setAside.length }).toEqual({
      waiting: [],
      setAside: spools.filter((spool) => !spool.isMeant).length,
    });
    for (const { callId, isMeant } of spools)
      expect(countIn(log, 'consumption-recorded', callId)).toBe(isMeant ? 1 : 0);
    expect(await driftIn(service)).toBe(0);
  }, PATIENCE);
}

describe('a process whose parts are exchanged while it runs moves no money in silence', () => {
  let running: RunningLedger;
  beforeAll(async () => {
    running = await RunningLedger.start(folder, ours.right);
    // What Redis knew was of a process before: calls are refused until its holds have run out.
    await eventually(isServed, PATIENCE);
  }, 120_000);
  afterAll(() => running.close(), 60_000);

  const readiness = async () => (await fetch(`${running.service.url}/readyz`)).status;
  const isServed = async () => expect(await running.useAll()).toEqual({ call: 200, topUp: 200, again: 200 });

  it.each(PAIRS.map((pair) => [nameOf(pair), pair] as const))(
    '(%s), with every cached balance and every spool, and goes on when the right ones are back',
    async (_name, pair) => {
      const wrongLog =
        pair.log === 'right' ? undefined : new StandInLog(undefined, momentOf(pair.log)?.log ?? []);
      const found = wrongLog && ownEvents(wrongLog).length;
      const tables = pair.tables === 'right' ? undefined : await placeTables(momentOf(pair.tables));
      const { says } = ruleFor(WHILE_RUNNING, pair);
      const kept: string[] = [];
      const before = await spoolFilesIn(running.dataDir);
      const late = await running.callThatWaits();
      const told = await running.toldBalances();

      await running.replace({ log: wrongLog, tables });
      // Nothing was charged yet: whatever is told now is what was told before, and the second may be told when the first was not yet.
      if (says === 'goes on') {
        const now = await running.toldBalances();
        expect([told.frontEnd, undefined]).toContain(now.frontEnd);
        expect([told.wallet, undefined]).toContain(now.wallet);
      }
      if (says !== 'goes on') {
        await eventually(() => expect(running.service.ledger.guard.doubt?.reason).toBe(says), PATIENCE);
        await eventually(async () => expect(await readiness()).toBe(503), PATIENCE);
        const figures = await (await fetch(`${running.service.url}/metrics`)).text();
        expect(figures).toContain('counterfoil_wrong_log 1');
        expect(await running.toldBalances()).toEqual(tables ? NOTHING : told);
      }
      await late.end();
      for (const { redis: cached, spools } of trialsOf(WHILE_RUNNING, pair)) {
        await running.replaceRedis(cached === 'right' ? undefined : (momentOf(cached)?.redis ?? []));
        for (const state of spools) {
          const spool = momentOf(state)?.spool;
          if (!spool) continue;
          const isOurs = state !== "another's";
          const callId = await running.findSpool(spool, isOurs);
          if (!isOurs) kept.push(callId);
        }
        if (says === 'goes on') await eventually(isServed, PATIENCE);
        else expect(await running.useAll()).toEqual({ call: 503, topUp: 503, again: 503 });
      }
      if (wrongLog) {
        expect(ownEvents(wrongLog)).toHaveLength(found ?? 0);
        if (pair.tables === 'right' || pair.tables === 'older')
          await eventually(
            async () => expect(await alarmsIn(running.pool)).toContain(`wrong-log/${says}`),
            PATIENCE,
          );
      }
      await running.bringBack();
      await eventually(async () => expect(await readiness()).toBe(200), PATIENCE);
      await eventually(isServed, PATIENCE);
      await eventually(async () => {
        expect(running.broken).toEqual([]);
        const { waiting, setAside } = await spoolFilesIn(running.dataDir);
        expect(waiting).toEqual([]);
        expect(setAside).toHaveLength(before.setAside.length + kept.length);
        expect(await alarmsIn(running.pool)).toEqual([]);
        expect(await driftIn(running.service)).toBe(0);
      }, PATIENCE);
      for (const callId of kept) expect(countIn(running.log, 'consumption-recorded', callId)).toBe(0);
      await tables?.drop();
    },
    240_000,
  );
});
