import type { NoteWritten } from '../../../metering/delivered-text.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { responseMediaTokens } from '../written-media.js';
import { eventText, responseText } from './texts.js';

/**
 * What a stream of a response has written, each item once: in pieces, or where none came of it as it is told whole, at its own end or at that of
 * the answer. Places of items are `output_index`; where pieces say none, they are taken for all of them.
 */
export class WrittenItems {
  private readonly inPieces = new Set<unknown>();
  private readonly named = new Set<unknown>();
  private readonly whole = new Set<unknown>();

  note(event: JsonObject, note: NoteWritten): void {
    const { type, output_index: place } = event;
    const text = eventText(event);
    if (text !== '') {
      (type === 'response.output_item.added' ? this.named : this.inPieces).add(place);
      note(text, 0, place);
    } else if (type === 'response.output_item.done') this.noteWhole(event['item'], place, note);
    else
      for (const [at, item] of listAt(objectAt(event['response'])?.['output']).entries())
        this.noteWhole(item, at, note);
  }

  private noteWhole(value: unknown, place: unknown, note: NoteWritten): void {
    const item = objectAt(value);
    if (!item || this.whole.has(place)) return;
    const isTold = this.inPieces.has(place) || this.inPieces.has(undefined);
    const output = [this.named.has(place) ? { ...item, name: undefined } : item];
    const [text, media] = [isTold ? '' : responseText({ output }), responseMediaTokens({ output })];
    // One that is still empty, as where an answer begins, is told whole later.
    if (text === '' && media === 0) return;
    this.whole.add(place);
    note(text, media, place);
  }
}
