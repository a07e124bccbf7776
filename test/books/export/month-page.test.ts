import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { blocksOf, sectionBelow } from '../../acceptance/support/guide.js';
import { CommandProcess } from '../../support/command-process.js';
import { ensureHledger, hledger } from '../../support/hledger.js';
import { aMonth, STRIPE_FILE } from './month.js';

const MASTER_KEY = Buffer.alloc(32, 3);

/** A command as a person types it, and what the page shows that it answers. */
interface Shown {
  readonly command: string;
  readonly answer: string;
}

const shownIn = (block: string): readonly Shown[] =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const at = text.indexOf('\n');
      return { command: text.slice(0, at), answer: text.slice(at + 1) };
    });

/** Words as a shell takes them; quotes are single ones. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** hledger ends lines with blanks, which no page has. */
const trimmed = (text: string): string => text.replaceAll(/ +$/gm, '').trimEnd();

describe('a month with orders, a refund, a dispute, a plan and a grant that ended', () => {
  let folder: string;
  let month: Awaited<ReturnType<typeof aMonth>>;
  let commands: CommandProcess;
  let sections: { readonly english: string; readonly chinese: string };

  beforeAll(async () => {
    await ensureHledger();
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-month-'));
    month = await aMonth(MASTER_KEY, folder);
    commands = new CommandProcess({
      ...{ DATABASE_URL: month.url, MASTER_KEY: MASTER_KEY.toString('base64') },
      ...{ CASH: 'on', GRANTS: 'on', PLANS: 'on' },
    });
    sections = {
      english: sectionBelow(await readFile('docs/finance.md', 'utf8'), '5. A month, whole'),
      chinese: sectionBelow(await readFile('docs/zh-CN/finance.md', 'utf8'), '5. 完整的一个月'),
    };
  }, 300_000);
  afterAll(async () => {
    await commands.close();
    await month.close();
    await rm(folder, { recursive: true });
  });

  /** What it says on either stream; files are those of the folder. */
  async function run(command: string): Promise<string> {
    const [program, ...args] = wordsOf(command);
    const places = args.map((arg) => (/\.(csv|journal)$/.test(arg) ? join(folder, arg) : arg));
    if (program === 'hledger') return hledger(places[1] ?? '', ...places.slice(2));
    const into = places.indexOf('>');
    const { stdout, stderr } = await commands.run(into < 0 ? places : places.slice(0, into));
    if (into >= 0) await writeFile(places[into + 1] ?? '', stdout);
    // How fast it was written is another every time.
    return into < 0 ? (stderr + stdout).replaceAll(`${folder}/`, '') : '';
  }

  it('is told as the page tells it, command by command', async () => {
    expect(blocksOf(sections.english, 'csv')).toEqual([STRIPE_FILE]);
    const all = blocksOf(sections.english, 'console').flatMap(shownIn);
    expect(all.length).toBeGreaterThan(6);
    for (const { command, answer } of all)
      expect({ command, answer: trimmed(await run(command)) }).toEqual({
        command,
        answer: trimmed(answer),
      });
  }, 120_000);

  it('is the same in Chinese', () => {
    for (const language of ['csv', 'console'])
      expect(blocksOf(sections.chinese, language)).toEqual(blocksOf(sections.english, language));
  });
});
