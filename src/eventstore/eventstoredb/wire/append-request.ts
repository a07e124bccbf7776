import type { EventText } from '../../limits.js';
import type { StreamWrite } from '../../event-store.js';
import { MessageWriter } from './message-writer.js';
import { sizeOfField, sizeOfNumber } from './sizes.js';

/** Fields of BatchAppendReq and of what it holds, by the numbers of the protocol. */
const CORRELATION = 1;
const OPTIONS = 2;
const PROPOSED = 3;
const IS_FINAL = 4;
const UUID_STRUCTURED = 1;
const UUID_TEXT = 2;
const STREAM_IDENTIFIER = 1;
const STREAM_NAME = 3;
const AT_REVISION = 2;
const NO_STREAM = 3;
const DEADLINE = 7;

/** "content-type" and "type" of an event travel as two entries of a map; the first is always the same. */
const JSON_ENTRY = Buffer.concat([
  Buffer.from([(2 << 3) | 2, 32, (1 << 3) | 2, 12]),
  Buffer.from('content-type'),
  Buffer.from([(2 << 3) | 2, 16]),
  Buffer.from('application/json'),
]);
const TYPE_KEY = Buffer.concat([Buffer.from([(1 << 3) | 2, 4]), Buffer.from('type')]);

/** A UUID as text. */
const ID_BYTES = 36;

/** The upper half of what tells appends apart, as it is written: the same for all of a call. */
export function lineField(line: bigint): Uint8Array {
  const bytes = 1 + sizeOfNumber(line);
  return new MessageWriter(bytes).number(1, line).frame.subarray(-bytes);
}

/**
 * One append as a message of the long call, with its frame.
 *
 * @param line the upper half of what tells appends apart: of this call
 * @param append the lower half: of this append
 * @param texts of the write's events, in order
 * @param deadlineMs after which the server need not begin with it
 */
export function appendRequest(
  { line, append }: { readonly line: Uint8Array; readonly append: number },
  { stream, expected, events }: StreamWrite,
  texts: readonly EventText[],
  deadlineMs: number,
): Buffer {
  const nameBytes = Buffer.byteLength(stream);
  const seconds = Math.floor(deadlineMs / 1000);
  const nanos = Math.floor(deadlineMs % 1000) * 1_000_000;
  const correlationBytes = line.length + 1 + sizeOfNumber(append);
  const deadlineBytes = 2 + sizeOfNumber(seconds) + sizeOfNumber(nanos);
  const expectedBytes = expected === 'no-stream' ? 2 : 1 + sizeOfNumber(expected);
  const optionsBytes = sizeOfField(sizeOfField(nameBytes)) + expectedBytes + sizeOfField(deadlineBytes);
  const sizes = events.map(({ type }, index) => sizesOf(type, texts[index] ?? NO_TEXT));
  const eventsBytes = sizes.reduce((sum, { event }) => sum + sizeOfField(event), 0);

  const writer = new MessageWriter(
    sizeOfField(sizeOfField(correlationBytes)) + sizeOfField(optionsBytes) + eventsBytes + 2,
  );
  writer.open(CORRELATION, sizeOfField(correlationBytes)).open(UUID_STRUCTURED, correlationBytes);
  writer.bytes(line).number(2, append);
  writer.open(OPTIONS, optionsBytes);
  writer.open(STREAM_IDENTIFIER, sizeOfField(nameBytes)).text(STREAM_NAME, stream, nameBytes);
  if (expected === 'no-stream') writer.open(NO_STREAM, 0);
  else writer.number(AT_REVISION, expected);
  writer.open(DEADLINE, deadlineBytes).number(1, seconds).number(2, nanos);
  events.forEach(({ id, type }, index) => {
    const size = sizes[index];
    if (size) writeEvent(writer, { id, type, text: texts[index] ?? NO_TEXT, size });
  });
  return writer.number(IS_FINAL, 1).frame;
}

const NO_TEXT: EventText = { data: '{}', metadata: '{}' };

interface EventSizes {
  readonly type: number;
  readonly data: number;
  readonly metadata: number;
  readonly typeEntry: number;
  readonly event: number;
}

function sizesOf(typeText: string, text: EventText): EventSizes {
  const [type, data, metadata] = [typeText, text.data, text.metadata].map((each) =>
    Buffer.byteLength(each),
  ) as [number, number, number];
  const typeEntry = TYPE_KEY.length + sizeOfField(type);
  const event =
    sizeOfField(sizeOfField(ID_BYTES)) +
    sizeOfField(typeEntry) +
    JSON_ENTRY.length +
    sizeOfField(metadata) +
    sizeOfField(data);
  return { type, data, metadata, typeEntry, event };
}

/** Fields of ProposedMessage. */
const EVENT_ID = 1;
const EVENT_ABOUT = 2;
const EVENT_METADATA = 3;
const EVENT_DATA = 4;

function writeEvent(
  writer: MessageWriter,
  event: { readonly id: string; readonly type: string; readonly text: EventText; readonly size: EventSizes },
): void {
  const { id, type, text, size } = event;
  writer.open(PROPOSED, size.event);
  writer.open(EVENT_ID, sizeOfField(ID_BYTES)).text(UUID_TEXT, id, ID_BYTES);
  writer.open(EVENT_ABOUT, size.typeEntry).bytes(TYPE_KEY).text(2, type, size.type);
  writer.bytes(JSON_ENTRY);
  writer.text(EVENT_METADATA, text.metadata, size.metadata).text(EVENT_DATA, text.data, size.data);
}
