import { openCheckpoint, type OpenedCheckpoint, readCheckpointText } from './checkpoint.js';
import type { VerifierKey } from './note-keys.js';
import { Prover } from './proofs.js';
import type { RemoteLog } from './remote-log.js';
import { BadNote, readNote } from './signed-note.js';
import { isConsistent } from './verify-proofs.js';

/** What a monitor remembers from one look to the next. */
export interface MonitorState {
  /** The last checkpoint that was in order. */
  readonly checkpoint: string;
  /** When it was seen first, ISO 8601. */
  readonly seen_at: string;
}

export type Verdict =
  | 'ok'
  /** It begins with other entries than it did: history was changed. */
  | 'forked'
  /** It has fewer entries than it had: it was put back to an older copy, or its end was cut off. */
  | 'shrunk'
  /** Its files do not come to what it signed. */
  | 'broken'
  /** Not signed with the key, or no checkpoint at all. */
  | 'unsigned'
  | 'no-quorum'
  | 'stale';

export interface Sighting {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly origin: string | undefined;
  readonly size: number | undefined;
  readonly before: number | undefined;
  readonly witnesses: readonly string[];
  /** To be remembered; what it was where something is wrong, so that the next look finds it again. */
  readonly state: MonitorState | undefined;
  /** Where the log contradicts itself: the checkpoint that proves it, beside the one that is remembered. */
  readonly evidence: string | undefined;
}

export interface MonitorOptions {
  readonly log: RemoteLog;
  readonly logKeys: readonly VerifierKey[];
  readonly witnessKeys: readonly VerifierKey[];
  readonly quorum: number;
  /** How long a checkpoint may be the newest. */
  readonly freshMs: number;
  readonly state: MonitorState | undefined;
  readonly now: Date;
}

/** One look at somebody's log. @throws LogUnreachable */
export async function lookAt(options: MonitorOptions): Promise<Sighting> {
  const { log, logKeys, witnessKeys, state } = options;
  const text = await log.checkpoint();
  const before = state && readCheckpointText(readNote(state.checkpoint).text);
  let head: OpenedCheckpoint;
  try {
    head = openCheckpoint(text, logKeys, witnessKeys);
  } catch (error) {
    if (!(error instanceof BadNote)) throw error;
    const nothing = { origin: undefined, size: undefined, witnesses: [], evidence: undefined };
    return { verdict: 'unsigned', reason: error.message, before: before?.size, state, ...nothing };
  }
  const [verdict, reason] = (await contradiction(head, before, log)) ?? weakness(head, options) ?? OK;
  const contradicts = verdict === 'forked' || verdict === 'shrunk' || verdict === 'broken';
  const isSame = before?.size === head.size;
  const seen_at = isSame && state ? state.seen_at : options.now.toISOString();
  return {
    verdict,
    reason,
    origin: head.origin,
    size: head.size,
    before: before?.size,
    witnesses: head.witnesses.map(({ key }) => key.name),
    state: contradicts ? state : { checkpoint: text, seen_at },
    evidence: contradicts ? text : undefined,
  };
}

type Judged = readonly [Verdict, string];
const OK: Judged = ['ok', 'it goes on from what it was, and is signed'];

/** What cannot be put right by waiting. */
async function contradiction(
  head: OpenedCheckpoint,
  before: ReturnType<typeof readCheckpointText> | undefined,
  { readTile }: RemoteLog,
): Promise<Judged | undefined> {
  const prover = new Prover(head.size, readTile);
  if (!before || before.size === 0) {
    const isWhole = (await prover.root()).equals(head.root);
    return isWhole ? undefined : ['broken', 'its tiles do not come to the root that it signed'];
  }
  if (before.origin !== head.origin) return ['forked', `it was ${before.origin} before`];
  if (head.size < before.size) return ['shrunk', `it had ${before.size} entries, and has ${head.size}`];
  if (isConsistent(before, head, await prover.consistency(before.size))) return undefined;
  return ['forked', `its first ${before.size} entries are not those that they were`];
}

function weakness(
  { witnesses, size }: OpenedCheckpoint,
  { quorum, freshMs, state, now }: MonitorOptions,
): Judged | undefined {
  if (witnesses.length < quorum)
    return ['no-quorum', `${witnesses.length} of ${quorum} witnesses have seen it`];
  const isSame = state !== undefined && readCheckpointText(readNote(state.checkpoint).text).size === size;
  const newest = Math.max(
    isSame ? Date.parse(state.seen_at) : now.getTime(),
    // A clock that is far ahead would make anything fresh for ever.
    ...witnesses.map(({ seenAt }) => seenAt?.getTime() ?? 0).filter((at) => at <= now.getTime() + freshMs),
  );
  const ageMs = now.getTime() - newest;
  return ageMs > freshMs
    ? ['stale', `nothing has been signed for ${Math.round(ageMs / 60_000)} minutes`]
    : undefined;
}
