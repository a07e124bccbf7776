import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../../src/eventstore/event-store.js';
import { appended, event, events, newStream, type Under } from './setup.js';

const revisions = (page: readonly RecordedEvent[]): bigint[] => page.map(({ revision }) => revision);

export function describeReads(under: Under): void {
  describe('readStream', () => {
    it('gives back what was written', async () => {
      const stream = newStream();
      const before = Date.now();
      const written = event(
        { amount: '9007199254740993', nested: { list: [1, null, true] } },
        { cause: 'test', depth: { n: 1 } },
      );
      const { position } = await appended(under.store, stream, 'no-stream', [written]);

      const [stored] = await under.store.readStream(stream, { limit: 1 });

      expect(stored).toEqual({ ...written, stream, revision: 0n, position, recordedAt: stored?.recordedAt });
      // Another machine's clock may be a little off; a wrong unit or epoch is far off.
      expect(Math.abs((stored?.recordedAt.getTime() ?? 0) - before)).toBeLessThan(300_000);
    });

    it('reads an absent stream as empty, in both directions', async () => {
      expect(await under.store.readStream(newStream(), { limit: 10 })).toEqual([]);
      expect(await under.store.readStream(newStream(), { direction: 'backwards', limit: 10 })).toEqual([]);
      expect(await under.store.readStream(newStream(), { from: 5n, limit: 10 })).toEqual([]);
    });

    it('reads forwards and backwards, from a revision that is included, up to a limit', async () => {
      const stream = newStream();
      await appended(under.store, stream, 'no-stream', events(6));
      const read = async (options: Parameters<typeof under.store.readStream>[1]): Promise<bigint[]> =>
        revisions(await under.store.readStream(stream, options));

      expect(await read({ limit: 100 })).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
      expect(await read({ limit: 2 })).toEqual([0n, 1n]);
      expect(await read({ from: 4n, limit: 100 })).toEqual([4n, 5n]);
      expect(await read({ from: 6n, limit: 100 })).toEqual([]);
      expect(await read({ direction: 'backwards', limit: 100 })).toEqual([5n, 4n, 3n, 2n, 1n, 0n]);
      expect(await read({ direction: 'backwards', limit: 2 })).toEqual([5n, 4n]);
      expect(await read({ direction: 'backwards', from: 1n, limit: 100 })).toEqual([1n, 0n]);
      expect(await read({ direction: 'backwards', from: 99n, limit: 1 })).toEqual([5n]);
    });

    it('pages through a long stream without a gap', async () => {
      const stream = newStream();
      for (let batch = 0; batch < 4; batch++) {
        await appended(under.store, stream, batch === 0 ? 'no-stream' : BigInt(batch * 50 - 1), events(50));
      }

      const seen: bigint[] = [];
      for (let from = 0n; ; from = BigInt(seen.length)) {
        const page = await under.store.readStream(stream, { from, limit: 33 });
        if (page.length === 0) break;
        seen.push(...revisions(page));
      }

      expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => BigInt(index)));
    });

    it.each([
      ['Chinese', '充值成功，余额 3000 元'],
      ['outside the basic plane', '👩‍👩‍👧‍👦 𠮷 𝔘'],
      ['combining marks', 'e\u0301 \u0928\u093f'],
      ['control characters', 'a\u0001\t\n\r"\\b'],
      ['line separators', 'a\u2028b\u2029c'],
    ])('keeps text exactly: %s', async (_case, text) => {
      const stream = newStream();
      await appended(under.store, stream, 'no-stream', [event({ text, [text]: 1 }, { text })]);

      const [stored] = await under.store.readStream(stream, { limit: 1 });

      expect(stored?.data).toEqual({ text, [text]: 1 });
      expect(stored?.metadata).toEqual({ text });
    });

    it('keeps large bodies', async () => {
      const stream = newStream();
      const text = '充x'.repeat(100_000);
      await appended(under.store, stream, 'no-stream', [event({ text })]);

      const [stored] = await under.store.readStream(stream, { limit: 1 });

      expect(stored?.data['text'] === text).toBe(true);
    });

    it.each([0, -1, 1.5, Number.NaN])('refuses the limit %p', async (limit) => {
      await expect(under.store.readStream(newStream(), { limit })).rejects.toThrow(RangeError);
      await expect(under.store.readAll({ after: -1n, limit })).rejects.toThrow(RangeError);
    });
  });
}
