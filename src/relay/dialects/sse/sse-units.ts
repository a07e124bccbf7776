import type { Unit, UnitSplitter } from '../units.js';
import { EventFrames } from './event-frames.js';
import { bareJson, dataOf, endOfNextFrame } from './frames.js';
import { eventsIn } from './run-on-events.js';
import { EVENT_STREAM } from './is-event-stream.js';

/** Frames of server-sent events, one by one. */
export class SseUnits implements UnitSplitter {
  readonly contentType = EVENT_STREAM;
  readonly ending = '';
  private readonly frames = new EventFrames();

  get unfinishedBytes(): number {
    return this.frames.unfinishedBytes;
  }

  split(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    for (const bytes of this.unitsOf(this.frames.cut(chunk))) units.push({ kind: 'payload', bytes });
    return units;
  }

  rest(): Unit | undefined {
    const bytes = this.frames.finish();
    if (bytes.length === 0) return undefined;
    return { kind: bareJson(bytes) === '' ? 'payload' : 'bare', bytes };
  }

  json(unit: Buffer): string {
    const data = dataOf(unit);
    // Errors in mid-stream come as they would outside of one: without framing.
    return data === '' ? bareJson(unit) : data;
  }

  frame(json: string): Buffer {
    return Buffer.from(`data: ${json}\n\n`);
  }

  *unitsOf(passed: Buffer): Iterable<Buffer> {
    let from = 0;
    while (from < passed.length) {
      const to = endOfNextFrame(passed, from);
      yield* eventsIn(passed.subarray(from, to));
      from = to;
    }
  }
}
