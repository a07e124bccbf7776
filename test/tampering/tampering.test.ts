import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes } from './changes.js';
import { createTamperedLedger } from './tampered-ledger.js';

const VERDICTS: ReadonlySet<string> = new Set(['ok', 'forked', 'shrunk', 'stale']);

describe.each(['postgres', 'eventstoredb'] as const)(
  'a log that was tampered with by somebody with all rights in %s',
  (kind) => {
    let ledger: Awaited<ReturnType<typeof createTamperedLedger>>;
    beforeAll(async () => {
      ledger = await createTamperedLedger(kind);
    });
    afterAll(() => ledger?.close());

    const found = async () => [
      ...[await ledger.live(), await ledger.restarted(), await ledger.rebuilt()],
      await ledger.thirdParty(),
    ];

    it('is right before', async () => {
      expect(await found()).toEqual(['nobody', 'nobody', 'nobody', 'ok']);
    });

    it.each(changes.filter(({ inEventStoreDb }) => kind === 'postgres' || inEventStoreDb !== 'is not there'))(
      '$what',
      async (change) => {
        await ledger.mend();
        await ledger.tamper(change);
        expect(await found()).toEqual((kind === 'eventstoredb' && change.inEventStoreDb) || change.found);
      },
    );

    it('put back to yesterday as a whole is found by what an anchor remembers', async () => {
      await ledger.mend();
      const change = changes.find(({ withTables }) => withTables);
      if (change) await ledger.tamper(change);
      expect(await ledger.anchored()).toMatchObject({
        kind: 'shorter',
        by: 'the anchor vault',
        isDatabaseOlder: true,
      });
    });
  },
);

it('is tried in every column that a log has', async () => {
  const ledger = await createTamperedLedger('postgres');
  try {
    const tried = changes.flatMap(({ sql }) =>
      sql(ledger.ids).flatMap((statement) => {
        const [, table, set = ''] =
          /^UPDATE (events|log_head)\b.*?\bSET (.*?)(?: FROM | WHERE |$)/s.exec(statement) ?? [];
        return [...set.matchAll(/(\w+) = /g)].map(([, column]) => `${table}.${column}`);
      }),
    );
    expect([...new Set(tried)].sort()).toEqual(await ledger.columns(['events', 'log_head']));
  } finally {
    await ledger.close();
  }
});

it('is described in the threat model as it is found here', async () => {
  const page = await readFile('docs/threat-model.md', 'utf8');
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const told = rows
    .filter((row) => VERDICTS.has(row[5] ?? ''))
    .map(([, what, ...found]) => [what, ...found.slice(0, 4)]);
  const inEventStoreDb = changes.flatMap(({ what, inEventStoreDb: each }) =>
    each === undefined || each === 'is not there' ? [] : [[what, ...each]],
  );
  expect(told).toEqual([...changes.map(({ what, found: each }) => [what, ...each]), ...inEventStoreDb]);
});
