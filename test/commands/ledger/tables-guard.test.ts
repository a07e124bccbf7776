import { describe, expect, it } from '@jest/globals';
import type { LogKind } from '../../../src/commands/ledger/expected-log.js';
import { TablesGuard, trustedReads } from '../../../src/commands/ledger/tables-guard.js';
import { WrongLog, type WrongLogReason } from '../../../src/eventstore/wrong-log.js';
import { eventually } from '../../support/eventually.js';

/** What stands behind the address of the database, and what is known of the log. */
class World {
  reached = new Map([
    ['balance', 7n],
    ['usage', 5n],
  ]);
  cached: bigint | undefined;
  doubt: WrongLog | undefined;
  remembered = -1n;
  fault: Error | undefined;
  readonly ledger = ['balance'];
  asked = 0;
  readonly guard: TablesGuard;

  constructor(kind: LogKind = 'eventstoredb', catchUpMs = 0) {
    const current = () => this;
    this.guard = new TablesGuard({
      kind,
      catchUpMs,
      log: {
        get doubt() {
          return current().doubt;
        },
        get remembered() {
          return current().remembered;
        },
      },
      ledgerProjections: this.ledger,
      cached: () => Promise.resolve(this.cached),
      readReached: () => {
        this.asked += 1;
        return this.fault ? Promise.reject(this.fault) : Promise.resolve(new Map(this.reached));
      },
    });
  }

  suspect(reason: WrongLogReason, remembered = -1n): this {
    this.doubt = new WrongLog(reason, 'expected one, found another');
    this.remembered = remembered;
    return this;
  }

  /** As of another version, which has one more. */
  withNew(): void {
    this.ledger.push('journal');
    this.exchange([...this.reached, ['journal', -1n]]);
  }

  /** Another database stands there. */
  exchange(reached: readonly (readonly [string, bigint])[]): void {
    this.reached = new Map(reached);
    this.guard.unsettle();
  }
}

const tell = () => Promise.resolve('told');
const refused = (reason: WrongLogReason) => ({ name: 'TablesInDoubt', reason });

describe('while nothing is wrong with the log, tables', () => {
  it('are looked at once for each change of connections, by all who read at once', async () => {
    const world = new World();
    expect(await Promise.all([world.guard.reading(tell), world.guard.reading(tell)])).toEqual([
      'told',
      'told',
    ]);
    await world.guard.reading(tell);
    expect(world.asked).toBe(1);
    world.guard.unsettle();
    await world.guard.reading(tell);
    expect(world.asked).toBe(2);
  });

  it.each([
    ['this process has seen more in them', (world: World) => world.guard.saw(8n)],
    ['the cached balance was told more of them', (world: World) => (world.cached = 8n)],
    [
      'another read model was further',
      (world: World) =>
        world.exchange([
          ['balance', 7n],
          ['usage', 4n],
        ]),
    ],
    ['one is missing', (world: World) => world.exchange([['balance', 7n]])],
  ])('are older where %s', async (_what, change) => {
    const world = new World();
    await world.guard.reading(tell);
    world.guard.unsettle();
    change(world);
    await expect(world.guard.reading(tell)).rejects.toMatchObject(refused('older'));
  });

  it('are told from where one is new, and has all of the log before it', async () => {
    const world = new World();
    await world.guard.reading(tell);
    world.guard.saw(7n);
    world.withNew();
    expect(await world.guard.reading(tell)).toBe('told');
  });

  it('are told from again when they have followed the log, for which a reader waits a moment', async () => {
    const world = new World('eventstoredb', 30_000);
    await world.guard.reading(tell);
    world.exchange([
      ['balance', 3n],
      ['usage', 5n],
    ]);
    const { asked } = world;
    const reading = world.guard.reading(tell);
    await eventually(() => world.asked > asked);
    world.reached.set('balance', 7n);
    expect(await reading).toBe('told');
  });

  it('that were exchanged while somebody read are not told from', async () => {
    const world = new World();
    const reading = world.guard.reading(() => {
      world.exchange([
        ['balance', 3n],
        ['usage', 5n],
      ]);
      world.suspect('older', 7n);
      return tell();
    });
    await expect(reading).rejects.toMatchObject(refused('older'));
  });

  it('that cannot be asked are no tables', async () => {
    const world = new World();
    const away = new Error('the database is away');
    world.fault = away;
    await expect(world.guard.reading(tell)).rejects.toBe(away);
  });
});

describe('while the log is in doubt, tables', () => {
  const ofTheLogAlone: readonly WrongLogReason[] = ['altered', 'not-sealed', 'moved'];
  const elsewhere: readonly WrongLogReason[] = ['not-founded', 'another-ledger', 'older'];
  const ofAll: readonly WrongLogReason[] = [
    'another-kind',
    'another-generation',
    'unfinished-copy',
    'another-database',
    'another-clock',
  ];
  it.each([...ofTheLogAlone, ...elsewhere])('beside an EventStoreDB are told from (%s)', async (reason) => {
    expect(await new World().suspect(reason, 7n).guard.reading(tell)).toBe('told');
  });

  it.each(ofTheLogAlone)('with the log in their database are told from (%s)', async (reason) => {
    expect(await new World('postgres').suspect(reason).guard.reading(tell)).toBe('told');
  });

  it.each(ofAll)('beside an EventStoreDB are not told from (%s)', async (reason) => {
    await expect(new World().suspect(reason).guard.reading(tell)).rejects.toMatchObject(refused(reason));
  });

  it.each([...ofAll, ...elsewhere])(
    'with the log in their database are not told from (%s)',
    async (reason) => {
      const { guard } = new World('postgres').suspect(reason);
      await expect(guard.reading(tell)).rejects.toMatchObject(refused(reason));
    },
  );

  it('beside an older EventStoreDB are not told from where somebody remembers more than they have', async () => {
    const world = new World().suspect('older', 8n);
    await expect(world.guard.reading(tell)).rejects.toMatchObject(refused('older'));
    world.doubt = undefined;
    expect(await world.guard.reading(tell)).toBe('told');
  });
});

it('reads of a port are refused as well, with what they are called on', async () => {
  const world = new World();
  const reads = trustedReads(
    { figure: 3, balance: (of: string) => Promise.resolve(`of ${of}`) },
    world.guard,
  );
  expect(reads.figure).toBe(3);
  expect(await reads.balance('alice')).toBe('of alice');
  world.suspect('another-database');
  await expect(reads.balance('alice')).rejects.toMatchObject(refused('another-database'));
});
