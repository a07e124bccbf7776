import type { CommandResult } from '../../../../commands/handling/command.js';
import { isUnavailable } from '../../../../support/unavailable.js';
import { type Bilingual, HttpFailure, ledgerUnavailable } from '../../../failure.js';
import { refused } from '../../../refusals.js';
import { validate } from '../../../validation.js';
import { presentSync } from './present.js';
import { syncInput, type SyncInput } from './schema.js';

/** Lines that are worked on at once; those of one user, and those that want the same name or address, never are: the earlier one is first. */
const AT_ONCE = 16;

/** As `POST /sync` takes it: parsing takes a multiple of a text's memory. */
const MOST_CHARACTERS = 1024 * 1024;
/** What a decoder makes of bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';
const BYTE_ORDER_MARK = '\uFEFF';

export interface NumberedLine {
  /** From 1, as editors count. */
  readonly line: number;
  readonly text: string;
}

interface Batch {
  readonly sync: (
    input: SyncInput,
  ) => Promise<CommandResult<{ readonly userId: number; readonly isNew: boolean }>>;
  /** Who sends a batch may lose the right to while it goes on. Rejects with the failure to answer. */
  readonly authorize: () => Promise<unknown>;
  readonly language: keyof Bilingual;
}

interface Read extends NumberedLine {
  readonly input: SyncInput | HttpFailure;
}

/** What was said of a line: the data of a sync, or why there is none. */
type Answered = Readonly<Record<string, unknown>> & { readonly goesOn: boolean };

/**
 * The answer to each line, in their order. Ends after a line that could not be written because the ledger was away, or that whoever sent
 * it may no longer write: what follows was not looked at, and the batch is gone on with from that line.
 */
export async function* answersOf(
  lines: AsyncIterable<NumberedLine>,
  batch: Batch,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  let group: Read[] = [];
  const claimed = new Set<string>();
  for await (const numbered of lines) {
    const next = read(numbered);
    const claims = claimsOf(next);
    if (group.length >= AT_ONCE || claims.some((claim) => claimed.has(claim))) {
      if (!(yield* answersOfGroup(group, batch))) return;
      group = [];
      claimed.clear();
    }
    group.push(next);
    for (const claim of claims) claimed.add(claim);
  }
  yield* answersOfGroup(group, batch);
}

/** False when the rest is not to be looked at. */
async function* answersOfGroup(
  group: readonly Read[],
  batch: Batch,
): AsyncGenerator<Readonly<Record<string, unknown>>, boolean> {
  for (const { goesOn, ...answer } of await answersTo(group, batch)) {
    yield answer;
    if (!goesOn) return false;
  }
  return true;
}

async function answersTo(
  group: readonly Read[],
  { sync, authorize, language }: Batch,
): Promise<readonly Answered[]> {
  const refusal = await authorize().then(() => undefined, failureOf);
  return refusal
    ? group.map(({ line }) => ({ ...failed(line, refusal, language), goesOn: false }))
    : Promise.all(group.map((each) => answerTo(each, sync, language)));
}

function read({ line, text }: NumberedLine): Read {
  if (text.length > MOST_CHARACTERS) {
    const words = { zh: `不得大于 ${MOST_CHARACTERS} 字节`, en: `must be at most ${MOST_CHARACTERS} bytes` };
    return {
      line,
      text: '',
      input: new HttpFailure({ status: 413, code: 'request_too_large', text: words }),
    };
  }
  try {
    if (text.includes(REPLACEMENT)) throw new SyntaxError('no UTF-8');
    const parsed: unknown = JSON.parse(line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
    const raw = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
    return { line, text, input: validate(syncInput, raw as Record<string, unknown>) };
  } catch (error) {
    if (error instanceof HttpFailure) return { line, text, input: error };
    const words = { zh: '不是有效的 JSON', en: 'is not valid JSON' };
    return { line, text, input: new HttpFailure({ status: 400, code: 'invalid_json', text: words }) };
  }
}

/** What a line wants that no other user may have, whatever its spelling. */
function claimsOf({ input }: Read): readonly string[] {
  if (input instanceof HttpFailure) return [];
  const { external_user_id, ...rest } = input;
  const wanted = [rest.username, rest.email, rest.aff_code].map((value) => value?.trim().toLowerCase());
  return [`id ${external_user_id}`, ...wanted.flatMap((value, at) => (value ? [`${at} ${value}`] : []))];
}

async function answerTo(
  { line, input }: Read,
  sync: Batch['sync'],
  language: keyof Bilingual,
): Promise<Answered> {
  if (input instanceof HttpFailure) return failed(line, input, language);
  const { external_user_id } = input;
  try {
    const result = await sync(input);
    if (!result.ok) return { ...failed(line, refused(result.refusal), language), external_user_id };
    const data = presentSync(external_user_id, result.value);
    return { line, success: true, ...data, position: result.position, goesOn: true };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { ...failed(line, ledgerUnavailable(), language), external_user_id, goesOn: false };
  }
}

function failureOf(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  throw error;
}

const failed = (
  line: number,
  { failure: { code, text, errors } }: HttpFailure,
  language: keyof Bilingual,
): Answered => ({
  line,
  success: false,
  code,
  message: text[language],
  ...(errors && {
    errors: errors.map(({ field, rule, text: words }) => ({ field, rule, message: words[language] })),
  }),
  goesOn: true,
});
