import { FrameCutter } from './frame-cutter.js';
import { LineFeeds } from './line-feeds.js';
import { partRunOn } from './run-on-events.js';

const LINE_FEED = 0x0a;

/**
 * Server-sent events as upstreams write them, in whole frames: lines may end as they like, and blank lines may be missing. What is written as
 * it should be goes through as it came.
 */
export class EventFrames {
  private readonly feeds = new LineFeeds();
  private readonly cutter = new FrameCutter();
  /** This stream leaves out blank lines. */
  private runsOn = false;
  /** The frame that is not whole yet is one event, as far as anybody can tell. */
  private isOne = false;

  get unfinishedBytes(): number {
    return this.cutter.unfinishedBytes;
  }

  /** The whole frames that have come, in one piece; empty when there are none. */
  cut(chunk: Buffer): Buffer {
    const mended = this.feeds.mend(chunk);
    const frames = this.cutter.cut(mended);
    if (frames.length > 0) this.isOne = false;
    // Nothing but a line's end makes an event whole.
    if (this.cutter.unfinishedBytes === 0 || this.isOne || !mended.includes(LINE_FEED)) return frames;
    const parted = this.part();
    return parted.length === 0 ? frames : Buffer.concat([frames, parted]);
  }

  /** Nothing more comes: a last frame without its blank line is whole after all. Empty when there is none. */
  finish(): Buffer {
    const frames = this.cutter.cut(this.feeds.finish());
    return Buffer.concat([frames, this.cutter.finish()]);
  }

  private part(): Buffer {
    const unfinished = this.cutter.take();
    const found = partRunOn(unfinished, this.runsOn);
    this.isOne = found.kind === 'one';
    if (found.kind !== 'parted') return this.cutter.cut(unfinished);
    this.runsOn = true;
    return Buffer.concat([...found.events, this.cutter.cut(found.rest)]);
  }
}
