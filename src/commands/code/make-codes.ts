import { createHmac } from 'node:crypto';
import { CODE_BYTES, codeOf } from '../../domain/code/code-text.js';
import { codeBatchDecider } from '../../domain/code/decide.js';
import { CODES_AN_EVENT } from '../../domain/code/events.js';
import type { CodeTerms } from '../../domain/code/state.js';
import { codeBatchStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { codeBatchIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { CodeCommands, CodesMade } from './commands.js';
import { hashCode } from './hash-code.js';

/**
 * Codes are made of a seed, which is kept sealed for a day and no longer: so that who was not answered, or died in between, goes on with the
 * same codes, and nobody has them later.
 */
export function makeCodes(dependencies: CommandDependencies): Handler<CodeCommands['makeCodes']> {
  return async ({ reference, endsAt, grantDays, ...named }, meta) => {
    const batchId = codeBatchIdOf(reference);
    const terms: CodeTerms = {
      ...{ batch_id: batchId, ...named, ends_at: endsAt.toISOString(), grant_days: grantDays ?? null },
      by: meta.actor,
    };
    const begun = await begin(dependencies, terms, meta);
    if (!begun.ok) return begun;
    const isOwn = begun.value.madeBy === meta.actor;
    const seed = isOwn ? await seedOf(dependencies, terms, !begun.replayed) : undefined;
    if (seed === undefined) return { ...begun, value: { batchId, codes: undefined } };
    const codes = codesOf(seed, terms.codes);
    let last: CommandResult<CodesMade> = { ...begun, value: { batchId, codes } };
    for (let from = 0; from < codes.length && last.ok; from += CODES_AN_EVENT) {
      const filled: CommandResult<CodesMade> = await fill(dependencies, terms, codes, from, meta);
      if (!filled.ok) return filled;
      last = { ...filled, replayed: last.replayed && filled.replayed };
    }
    return last;
  };
}

function begin(dependencies: CommandDependencies, terms: CodeTerms, meta: CommandMeta) {
  return handle(dependencies, 'make-codes', meta, async () => {
    const batch = await load(dependencies.store, codeBatchStream(terms.batch_id), codeBatchDecider);
    // What was made stays made, and is answered as before.
    if (!dependencies.makesCodes && !batch.state) return refused({ code: 'codes_off' });
    if (!batch.state) await keepSeed(dependencies, terms);
    const decision = codeBatchDecider.decide({ type: 'make', terms }, batch.state);
    return planOne(batch, decision, { madeBy: batch.state?.terms.by ?? meta.actor });
  });
}

/** Some of the codes: each event by itself, so that no append is too large. */
function fill(
  dependencies: CommandDependencies,
  { batch_id: batchId }: CodeTerms,
  codes: readonly string[],
  from: number,
  meta: CommandMeta,
) {
  const hashes = codes.slice(from, from + CODES_AN_EVENT).map((code) => hashCode(dependencies, code));
  return handle(dependencies, 'fill-codes', meta, async () => {
    const batch = await load(dependencies.store, codeBatchStream(batchId), codeBatchDecider);
    const decision = codeBatchDecider.decide({ type: 'fill', hashes }, batch.state);
    return planOne(batch, decision, { batchId, codes });
  });
}

/** Each who tries has their own: whoever comes second with a reference gets no codes by it. */
const seedKey = ({ batch_id, by }: CodeTerms): string => `codes ${batch_id} ${by}`;
const SEED_BYTES = 32;
/** Beside access keys, which have a number. */
const NO_TOKEN = 0;

const keepSeed = ({ secrets, randomBytes }: CommandDependencies, terms: CodeTerms) =>
  secrets.keep(seedKey(terms), {
    tokenId: NO_TOKEN,
    accessKey: Buffer.from(randomBytes(SEED_BYTES)).toString('hex'),
  });

/** @param isNew the batch was made just now, and its seed must be there */
async function seedOf(
  { secrets }: CommandDependencies,
  terms: CodeTerms,
  isNew: boolean,
): Promise<string | undefined> {
  const kept = await secrets.find(seedKey(terms));
  if (!kept && isNew) throw new Error('the seed of the codes just made has gone');
  return kept?.accessKey;
}

const codesOf = (seed: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    codeOf(
      createHmac('sha256', Buffer.from(seed, 'hex')).update(`${index}`).digest().subarray(0, CODE_BYTES),
    ),
  );
