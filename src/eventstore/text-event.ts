import type { JsonObject, RecordedEvent } from './event-store.js';

type Parts = Omit<RecordedEvent, 'data' | 'metadata'> &
  Required<Pick<RecordedEvent, 'dataText' | 'metadataText'>>;

/** An event that outlives its page with what it says as text: for who carries it on, or compares it, and need not know what that means. */
export class TextEvent implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly recordedAt: Date;
  readonly dataText: string;
  readonly metadataText: string;

  constructor({ id, type, stream, revision, position, recordedAt, dataText, metadataText }: Parts) {
    this.id = id;
    this.type = type;
    this.stream = stream;
    this.revision = revision;
    this.position = position;
    this.recordedAt = recordedAt;
    this.dataText = dataText;
    this.metadataText = metadataText;
  }

  get data(): JsonObject {
    return JSON.parse(this.dataText) as JsonObject;
  }
  get metadata(): JsonObject {
    return JSON.parse(this.metadataText) as JsonObject;
  }
}

/** All of an event that may be gone soon. */
export function textEventOf(event: RecordedEvent): TextEvent {
  const { id, type, stream, revision, position, recordedAt } = event;
  const dataText = event.dataText ?? JSON.stringify(event.data);
  const metadataText = event.metadataText ?? JSON.stringify(event.metadata);
  return new TextEvent({ id, type, stream, revision, position, recordedAt, dataText, metadataText });
}
