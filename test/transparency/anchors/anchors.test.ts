import { execFile } from 'node:child_process';
import { constants, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webhookReach } from '../../../src/support/reach.js';
import type { Anchor } from '../../../src/transparency/anchors/anchor.js';
import { AnchorRunner } from '../../../src/transparency/anchors/anchor-runner.js';
import { installAnchors, readAnchors } from '../../../src/transparency/anchors/anchor-table.js';
import { boundedAnchor } from '../../../src/transparency/anchors/bounded-anchor.js';
import { folderAnchor } from '../../../src/transparency/anchors/folder-anchor.js';
import { gitAnchor } from '../../../src/transparency/anchors/git-anchor.js';
import { createPostText } from '../../../src/transparency/anchors/post-text.js';
import { witnessAnchor } from '../../../src/transparency/anchors/witness-anchor.js';
import { openCheckpoint } from '../../../src/transparency/checkpoint.js';
import { publishedCheckpoint } from '../../../src/transparency/checkpoint-tables.js';
import type { VerifierKey } from '../../../src/transparency/note-keys.js';
import { createServedFiles } from '../../../src/transparency/served-files.js';
import { Witness } from '../../support/fakes/witness.js';
import { createLogged } from '../support/logged.js';

const run = promisify(execFile);
const reach = webhookReach(['127.0.0.0/8']);

describe('anchors of checkpoints', () => {
  let logged: Awaited<ReturnType<typeof createLogged>>;
  let folder: string;
  let keys: readonly VerifierKey[];
  const undo: (() => Promise<unknown>)[] = [];
  let told: string[];

  beforeEach(async () => {
    logged = await createLogged();
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-anchors-'));
    keys = await logged.verifiers();
    told = [];
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    await logged.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function runnerOf(anchors: readonly Anchor[], attemptMs?: number): Promise<AnchorRunner> {
    await installAnchors(
      logged.pool,
      anchors.map(({ name }) => name),
    );
    return new AnchorRunner({
      pool: logged.pool,
      anchors,
      ...(attemptMs !== undefined && { attemptMs }),
      observer: {
        taken: async (name) => void told.push(`${name} taken`),
        failed: async (name, reason) => void told.push(`${name} failed: ${reason}`),
        contradicts: async (name, reason) => void told.push(`${name} contradicts: ${reason}`),
        faulted: (name, error) => void told.push(`${name} faulted: ${String(error)}`),
      },
    });
  }
  const sign = async (events: number, hasWitnesses = false) => {
    await logged.given(events);
    return logged.start({ hasWitnesses }).advance();
  };
  const due = () => logged.pool.query('UPDATE transparency_anchors SET next_at = now()');
  const inFolder = () => folderAnchor({ name: 'vault', path: folder, everyMs: 0 }, logged.verifiers);
  const ofWitness = async (): Promise<readonly [Witness, Anchor]> => {
    const witness = await new Witness(() => keys).start();
    undo.push(() => witness.stop());
    const settings = { name: 'friend', url: `${witness.url}/`, key: witness.key, everyMs: 0 };
    return [witness, witnessAnchor(settings, createPostText(reach))];
  };

  describe('in a folder', () => {
    it('have the last checkpoint, and the last one of each day', async () => {
      const runner = await runnerOf([inFolder()]);
      await runner.look();
      await sign(3);
      await runner.look();
      const second = await sign(4);
      await runner.look();
      await runner.look();
      expect(await readFile(join(folder, 'checkpoint'), 'utf8')).toBe(second?.note);
      expect(await readdir(join(folder, 'days'))).toEqual([second?.signedAt.toISOString().slice(0, 10)]);
      expect(told).toEqual(['vault taken', 'vault taken']);
      expect(await readAnchors(logged.pool)).toMatchObject([{ name: 'vault', size: 7, failures: 0 }]);
    });

    it('find a whole database that was put back to an older copy', async () => {
      const runner = await runnerOf([inFolder()]);
      await sign(5);
      await runner.look();
      await logged.tamper(`DELETE FROM events WHERE revision > 2; UPDATE log_head SET position = 2;
        DELETE FROM transparency_checkpoints; DELETE FROM transparency_tiles; DELETE FROM transparency_bundles;
        UPDATE transparency_tree SET size = 0, position = -1, event_id = NULL; UPDATE transparency_anchors SET size = 0`);
      await expect(logged.start({ anchors: [inFolder()] }).advance()).rejects.toThrow(
        'the log has 3 entries, and the anchor vault has a checkpoint of 5: log and tables were put back to an older copy together',
      );
      // Where nobody asks the anchor before, it does not take what goes on from the older copy.
      await sign(1);
      await due();
      await runner.look();
      expect(told.at(-1)).toMatch(/^vault contradicts: it has a checkpoint of 5 entries, and the log has 4/);
      await sign(10);
      await due();
      await runner.look();
      expect(told.at(-1)).toMatch(/^vault contradicts: .* which the log does not begin with/);
      expect(openCheckpoint(await readFile(join(folder, 'checkpoint'), 'utf8'), keys).size).toBe(5);
    });

    it('that are lost are tried again, and get what is new then', async () => {
      const runner = await runnerOf([inFolder()]);
      await sign(1);
      await runner.look();
      await rm(join(folder, 'checkpoint'));
      await sign(1);
      await runner.look();
      expect(told.at(-1)).toContain('the checkpoint of 1 entries that it was given is not there');
      await runner.look();
      expect(told).toHaveLength(2);
      await writeFile(join(folder, 'checkpoint'), 'something else\n');
      await due();
      await runner.look();
      expect(told.at(-1)).toContain("what stands there is not this ledger's");
      const [state] = await readAnchors(logged.pool);
      expect(state).toMatchObject({ size: 1, failures: 2, lastFault: expect.stringContaining('not this') });
      expect(state?.failingSince).toBeInstanceOf(Date);
    });
  });

  describe('in a folder whose server hangs', () => {
    /** Whoever reads it waits until somebody writes into it. */
    const hang = async () => {
      await run('mkfifo', [join(folder, 'checkpoint')]);
      undo.push(async () => {
        await (await open(join(folder, 'checkpoint'), constants.O_WRONLY | constants.O_NONBLOCK)).close();
      });
    };

    it('are lost after an attempt, and asked for one thing at a time', async () => {
      await hang();
      let asked = 0;
      const counted: Anchor = {
        ...inFolder(),
        take: (...given) => {
          asked += 1;
          return inFolder().take(...given);
        },
      };
      const runner = await runnerOf([boundedAnchor(counted)], 100);
      await sign(1);
      for (let each = 0; each < 3; each += 1) {
        await runner.look();
        await due();
      }
      expect(told).toEqual(Array.from({ length: 3 }, () => 'vault failed: no answer in time'));
      expect(asked).toBe(1);
    });

    it('are not waited for at a start, nor when all ends', async () => {
      await hang();
      const anchor = boundedAnchor(inFolder(), 100);
      await logged.given(1);
      expect(await logged.start({ anchors: [anchor] }).advance()).toMatchObject({ size: 1 });
      const runner = await runnerOf([anchor]);
      runner.start();
      await runner.stop(100);
      expect(told.at(-1)).toBe('vault failed: no answer in time');
    });
  });

  describe('in a repository', () => {
    it('are a commit each, and pushed where the operator says so', async () => {
      const [work, remote] = [join(folder, 'work'), join(folder, 'remote.git')];
      await run('git', ['init', '--quiet', '--bare', remote]);
      await run('git', ['clone', '--quiet', remote, work]);
      const anchor = gitAnchor({ name: 'history', path: work, push: true, everyMs: 0 }, logged.verifiers);
      const runner = await runnerOf([anchor]);
      await sign(2);
      await runner.look();
      const second = await sign(2);
      await runner.look();
      expect(told).toEqual(['history taken', 'history taken']);
      const { stdout } = await run('git', ['-C', remote, 'log', '--all', '--format=%an %s']);
      expect(stdout).toBe(
        'Counterfoil ledger.example/transparency: 4 entries\nCounterfoil ledger.example/transparency: 2 entries\n',
      );
      expect(await anchor.remembered?.()).toBe(second?.note);
    });

    it('are committed no more where they contradict what was, and not waited for where a push hangs', async () => {
      const work = join(folder, 'work');
      await run('git', ['init', '--quiet', work]);
      const settings = { name: 'history', path: work, everyMs: 0 };
      const runner = await runnerOf([gitAnchor({ ...settings, push: false }, logged.verifiers)]);
      await sign(5);
      await runner.look();
      await logged.tamper(`UPDATE events SET id = gen_random_uuid() WHERE revision = 2;
        DELETE FROM transparency_checkpoints; DELETE FROM transparency_tiles; DELETE FROM transparency_bundles;
        UPDATE transparency_tree SET size = 0, position = -1, event_id = NULL`);
      await sign(3);
      await runner.look();
      expect(told).toEqual([
        'history taken',
        expect.stringMatching(/^history contradicts: .* does not begin with/),
      ]);
      const { stdout } = await run('git', ['-C', work, 'log', '--format=%s']);
      expect(stdout).toBe('ledger.example/transparency: 5 entries\n');

      // Another history from here on, with somebody behind it who never takes a push.
      await rm(join(work, 'checkpoint'));
      await logged.pool.query('UPDATE transparency_anchors SET size = 0');
      await writeFile(join(work, '.git', 'hooks', 'pre-push'), '#!/bin/sh\nexec sleep 20\n', { mode: 0o755 });
      await run('git', ['-C', work, 'remote', 'add', 'origin', join(folder, 'away.git')]);
      await run('git', ['init', '--quiet', '--bare', join(folder, 'away.git')]);
      await run('git', ['-C', work, 'config', 'push.autoSetupRemote', 'true']);
      await run('git', ['-C', work, 'config', 'push.default', 'current']);
      await due();
      await (await runnerOf([gitAnchor({ ...settings, push: true }, logged.verifiers)], 1_500)).look();
      expect(told.at(-1)).toBe('history failed: git push failed (ABORT_ERR)');
    });

    it('say that a folder is none', async () => {
      const runner = await runnerOf([
        gitAnchor({ name: 'history', path: folder, push: false, everyMs: 0 }, logged.verifiers),
      ]);
      await sign(1);
      await runner.look();
      expect(told).toEqual([expect.stringMatching(/^history failed: git rev-parse failed/)]);
    });
  });

  describe('with a witness', () => {
    it('come back signed, and are shown with its signature', async () => {
      const [witness, anchor] = await ofWitness();
      const runner = await runnerOf([anchor, inFolder()]);
      for (const events of [3, 300, 1]) {
        await sign(events, true);
        await runner.look();
      }
      const shown = (await createServedFiles(logged.pool).checkpoint()) ?? '';
      expect(openCheckpoint(shown, keys, [witness.key])).toMatchObject({
        size: 304,
        witnesses: [{ key: { name: 'witness.example' } }],
      });
      expect(witness.requests.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 3', 'old 303']);
      expect(await readFile(join(folder, 'checkpoint'), 'utf8')).toBe(shown);
    });

    it('go on from where it is, whatever was thought of it', async () => {
      const [witness, anchor] = await ofWitness();
      const runner = await runnerOf([anchor]);
      await sign(9, true);
      await runner.look();
      await logged.pool.query('UPDATE transparency_anchors SET size = 4');
      await sign(9, true);
      await runner.look();
      expect(witness.seen.size).toBe(18);
      expect(witness.requests).toHaveLength(3);
      expect(told).toEqual(['friend taken', 'friend taken']);
    });

    it('are shown without it where it is away, and signed when it is back', async () => {
      const [witness, anchor] = await ofWitness();
      const runner = await runnerOf([anchor], 300);
      await sign(2, true);
      expect(await publishedCheckpoint(logged.pool)).toBeUndefined();
      witness.instead = 'nothing';
      await runner.look();
      expect(told).toEqual(['friend failed: no answer in time']);
      const shown = await publishedCheckpoint(logged.pool);
      expect(openCheckpoint(shown?.note ?? '', keys, [witness.key]).witnesses).toEqual([]);
      witness.instead = undefined;
      await due();
      await runner.look();
      const later = await publishedCheckpoint(logged.pool);
      expect(openCheckpoint(later?.note ?? '', keys, [witness.key]).witnesses).toHaveLength(1);
    });

    it('that has signed more, or another tree, contradict this log', async () => {
      const [witness, anchor] = await ofWitness();
      const runner = await runnerOf([anchor]);
      await sign(5, true);
      await runner.look();
      const five = witness.seen;
      witness.seen = { ...five, size: 9 };
      await sign(1, true);
      await runner.look();
      witness.seen = { size: 5, root: Buffer.alloc(32, 1) };
      await due();
      await runner.look();
      witness.seen = { size: 6, root: Buffer.alloc(32, 1) };
      await due();
      await runner.look();
      expect(told.slice(1)).toEqual([
        expect.stringContaining('friend contradicts: it has signed 9 entries, and the log has 6'),
        expect.stringContaining('friend contradicts: it refuses the proof'),
        expect.stringContaining('friend contradicts: it has signed another tree of 6 entries'),
      ]);
    });

    it.each([
      [
        'is not its signature',
        { status: 200, text: '— witness.example AAAAAAAAAAAAAAAA\n' },
        'is not signed with its key',
      ],
      ['is no signature', { status: 200, text: 'thanks\n' }, 'a signature of a note is'],
      ['says that it does not know the log', { status: 404 }, 'its operator has to add it'],
      ['is broken', { status: 503 }, 'it answered 503'],
      ['is 409 with nothing', { status: 409, text: '' }, 'without a size'],
    ])('do not believe what %s', async (_, answer, words) => {
      const [witness, anchor] = await ofWitness();
      const runner = await runnerOf([anchor]);
      await sign(1, true);
      witness.instead = answer;
      await runner.look();
      expect(told).toEqual([expect.stringContaining(`friend failed: `)]);
      expect(told[0]).toContain(words);
    });

    it('is not asked at an address that nobody has named', async () => {
      const [witness] = await ofWitness();
      const settings = { name: 'friend', url: witness.url, key: witness.key, everyMs: 0 };
      const runner = await runnerOf([witnessAnchor(settings, createPostText(webhookReach([])))]);
      await sign(1, true);
      await runner.look();
      expect(told).toEqual(['friend failed: AddressNotAllowed']);
      expect(witness.requests).toEqual([]);
    });
  });
});
