import type { JsonEdit } from '../../json/members.js';

const NAMES = ['max_tokens', 'max_completion_tokens'] as const;
/** What the limit of a choice is called: it has two names, and many upstreams know one of them alone. */
export type LimitName = (typeof NAMES)[number];

export type GivenLimits = Readonly<Partial<Record<LimitName, number | null | undefined>>>;

/** Models that know no `max_tokens`, and those of OpenAI's that do. */
const WANTS_COMPLETION_LIMIT = /(^|\/)(o[1-9]|gpt-[5-9])/i;
const TAKES_EITHER = /(^|\/)(chatgpt|gpt-[1-4])/i;

/**
 * The limit as upstream is told it. Where the client gave none its name is decided by the model that was asked for: what it is called
 * at the channel may be a deployment's name. Where the one that was asked for tells nothing (`fast`) the other one may.
 *
 * @param lowered where it must be lower than the client's
 * @param wanted by an upstream that refused the other name
 */
export function limitEdits(
  given: GivenLimits,
  models: { readonly asked: string; readonly upstream: string },
  lowered: number | undefined,
  wanted: LimitName | undefined,
): JsonEdit[] {
  const said = NAMES.filter((name) => typeof given[name] === 'number');
  if (said.length === 0) {
    if (lowered === undefined) return [];
    return [{ name: wanted ?? limitName(models), json: String(lowered) }];
  }
  return said.flatMap((name) => {
    const isRenamed = wanted !== undefined && wanted !== name;
    if (lowered === undefined && !isRenamed) return [];
    const edit = { name, json: String(lowered ?? given[name]) };
    return [isRenamed ? { ...edit, renamed: wanted } : edit];
  });
}

/** Where both are given an upstream may look at either: the larger is the worst case. */
export function outputLimit({ max_tokens, max_completion_tokens }: GivenLimits): number | undefined {
  const largest = Math.max(max_tokens ?? 0, max_completion_tokens ?? 0);
  return largest === 0 ? undefined : largest;
}

/** What the limit is called where nobody has said. */
export function limitName({
  asked,
  upstream,
}: {
  readonly asked: string;
  readonly upstream: string;
}): LimitName {
  const telling = WANTS_COMPLETION_LIMIT.test(asked) || TAKES_EITHER.test(asked) ? asked : upstream;
  return WANTS_COMPLETION_LIMIT.test(telling) ? 'max_completion_tokens' : 'max_tokens';
}

const LONGEST_REFUSAL = 65_536;
const UNKNOWN =
  /un(recogni[sz]ed|known|supported|expected)|not (supported|permitted|allowed)|extra_forbidden/i;

/**
 * The name that an upstream wants instead of the one it was sent: it names the other one, or says that it does not know this one.
 * Undefined where it complains of something else, or where both were sent.
 */
export function limitNameWanted(status: number, refusal: Buffer, sent: LimitName): LimitName | undefined {
  if ((status !== 400 && status !== 422) || refusal.length > LONGEST_REFUSAL) return undefined;
  const text = refusal.toString('utf8');
  const other = sent === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return text.includes(other) || (text.includes(sent) && UNKNOWN.test(text)) ? other : undefined;
}

/** The one name under which upstream was told a limit; undefined where there was none, or both. */
export function limitNameIn(edits: readonly JsonEdit[], given: GivenLimits): LimitName | undefined {
  const told = NAMES.filter(
    (name) => typeof given[name] === 'number' || edits.some((edit) => edit.name === name),
  );
  return told.length === 1 ? told[0] : undefined;
}
