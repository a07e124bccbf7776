import { MessageReader } from './message-reader.js';
import { RpcFailure } from './rpc-failure.js';

/** What became of one append of a long call. */
export interface AppendAnswer {
  /** By which its caller is found; undefined in what is an answer to nobody. */
  readonly append: number | undefined;
  /** Of its last event; undefined where the server says none. */
  readonly position: bigint | undefined;
  readonly revision: bigint;
  readonly failure: RpcFailure | undefined;
}

/** Fields of BatchAppendResp. */
const CORRELATION = 1;
const ERROR = 2;
const SUCCESS = 3;

const INVALID_ARGUMENT = 3;

/** The types of what a failure holds, as the server names them, and the words that the rest of the adapter knows for them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['AccessDenied', 'access-denied'],
  ['BadRequest', 'invalid-argument'],
  ['MaximumAppendSizeExceeded', 'maximum-append-size-exceeded'],
  ['StreamDeleted', 'stream-deleted'],
  ['Timeout', 'timeout'],
  ['WrongExpectedVersion', 'wrong-expected-version'],
]);

export function appendAnswer(message: Buffer): AppendAnswer {
  const reader = new MessageReader(message);
  let append: number | undefined;
  let stored: Pick<AppendAnswer, 'position' | 'revision'> = { position: undefined, revision: 0n };
  let failure: RpcFailure | undefined;
  while (reader.next()) {
    if (reader.field === CORRELATION) append = lowerHalf(reader.inner());
    else if (reader.field === SUCCESS) stored = success(reader.inner());
    else if (reader.field === ERROR) failure = failureOf(reader.inner());
  }
  return { append, ...stored, failure };
}

/** The structured form of a UUID has its two halves. */
function lowerHalf(uuid: MessageReader): number | undefined {
  if (!uuid.next() || uuid.field !== 1) return undefined;
  const halves = uuid.inner();
  while (halves.next()) if (halves.field === 2) return halves.value;
  return 0;
}

function success(reader: MessageReader): Pick<AppendAnswer, 'position' | 'revision'> {
  let revision = 0n;
  let position: bigint | undefined;
  while (reader.next()) {
    if (reader.field === 1) revision = reader.bigint;
    else if (reader.field === 3) position = commitPosition(reader.inner());
  }
  return { position, revision };
}

function commitPosition(reader: MessageReader): bigint {
  while (reader.next()) if (reader.field === 1) return reader.bigint;
  return 0n;
}

/** A status: a code, words, and one detail whose type says more. */
function failureOf(reader: MessageReader): RpcFailure {
  let [code, words, name] = [0, '', ''];
  let actual: bigint | undefined;
  while (reader.next()) {
    if (reader.field === 1) code = reader.value;
    else if (reader.field === 2) words = reader.text();
    else if (reader.field === 3) ({ name, actual } = detail(reader.inner()));
  }
  const type = TYPES.get(name) ?? (code === INVALID_ARGUMENT ? 'invalid-argument' : undefined);
  return new RpcFailure(words, code, type, actual);
}

function detail(reader: MessageReader): { readonly name: string; readonly actual: bigint | undefined } {
  let name = '';
  let actual: bigint | undefined;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text().split('.').at(-1) ?? '';
    else if (reader.field === 2 && name === 'WrongExpectedVersion') actual = currentRevision(reader.inner());
  }
  return { name, actual };
}

function currentRevision(reader: MessageReader): bigint | undefined {
  while (reader.next()) if (reader.field === 1) return reader.bigint;
  return undefined;
}
