import type { NoteWritten } from '../metering/delivered-text.js';
import { estimateTextTokens } from '../metering/estimate-text.js';
import { bytesOfText, KeptText } from '../metering/kept-text.js';
import { MOST_KEPT } from './in-turn.js';

/** What a model wrote, by blocks, until somebody asks; what exceeds the bound is estimated. */
export class WrittenTexts {
  isEmpty = true;
  private readonly texts = new Map<number, KeptText>();
  private bytes = 0;
  private tokensBeyond = 0;
  /** The one that was written last, which most of what follows goes on with. */
  private last: { readonly block: number; readonly kept: KeptText } | undefined;

  add(text: string, block: number): void {
    this.isEmpty = false;
    const bytes = bytesOfText(text);
    if (this.bytes + bytes > MOST_KEPT) {
      this.tokensBeyond += estimateTextTokens(text);
      return;
    }
    const kept = this.keptOf(block);
    this.bytes -= kept.bytes;
    kept.add(text, bytes);
    this.bytes += kept.bytes;
  }

  /** All that another one has, which has nothing from here on. */
  takeFrom(other: WrittenTexts): void {
    other.handOn((text, tokens, block) => {
      if (tokens) this.tokensBeyond += tokens;
      else this.add(text, Number(block));
    });
    this.isEmpty = false;
  }

  /** All of it, which is not kept from here on. */
  handOn(note: NoteWritten): void {
    if (this.isEmpty) return;
    for (const [block, { text }] of this.texts) note(text, 0, block);
    if (this.tokensBeyond > 0) note('', this.tokensBeyond);
    this.texts.clear();
    this.last = undefined;
    this.bytes = this.tokensBeyond = 0;
    this.isEmpty = true;
  }

  private keptOf(block: number): KeptText {
    if (this.last?.block === block) return this.last.kept;
    const kept = this.texts.get(block) ?? new KeptText();
    this.texts.set(block, kept);
    this.last = { block, kept };
    return kept;
  }
}
