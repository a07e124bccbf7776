import type { RelayError } from '../../../errors.js';
import type { NoteWritten } from '../../../metering/delivered-text.js';
import type { ToolRuns } from '../../../metering/tool-runs.js';
import { outputOf } from '../../../metering/usage.js';
import { type JsonObject, listAt, objectAt, textIn } from '../../json/read.js';
import { firstMember } from '../../sse/first-member.js';
import { SseStream } from '../../sse/sse-stream.js';
import { errorIn, errorOfStream } from '../answer.js';
import { errorFrame } from '../errors.js';
import { choiceWrites, endsInFailure, errorOfChoice } from '../failed-choice.js';
import { chatMediaTokens } from '../written-media.js';
import { leftByChat } from './left.js';
import { ChatSearches } from './searches.js';
import { hasWritten } from './texts.js';
import { usageOf } from './usage.js';

const TIER = Buffer.from('"service_tier"');
/** Chunks in which the class of service is looked for; later on it is read where a chunk is read anyway. */
const FIRST_LOOKS = 4;
const FINISH = Buffer.from('"finish_reason"');
const USAGE = Buffer.from('"usage"');
const ERROR = Buffer.from('"error"');
const DONE = Buffer.from('[DONE]');
/** Sound has an id in its first chunk. */
const SOUND = Buffer.from('"audio"');
/** What a search found, by what upstreams call it; frames without it are passed as they are. */
const CITATIONS = ['"url_citation"', '"citations"', '"search_results"'].map((word) => Buffer.from(word));

export interface ChoicesStreamOptions {
  /** How many choices must finish before the answer is over. */
  readonly choices: number;
  /** The client did not ask for the usage chunk. */
  readonly hideUsage: boolean;
  /** The request asks for searches. */
  readonly searches?: boolean;
  /** The request asks for sound. */
  readonly sound?: boolean;
  /** What the model wrote in a chunk. */
  readonly textOf: (payload: JsonObject) => string;
}

/**
 * A stream of chunks with `choices`, as of chats and completions. What is kept back is the last finish and everything after it; should a choice
 * write on after it, it was not the end, and goes on. A frame is read only when it holds a word that says so.
 */
export class ChoicesStream extends SseStream {
  private readonly finished = new Set<unknown>();
  private readonly searches = new ChatSearches();
  /** A choice went on after its finish: some upstreams say "stop" in every chunk, and then it says nothing. */
  private finishesEarly = false;
  private looks = 0;
  /** What was written came piece by piece. */
  private writesDeltas = false;

  constructor(private readonly options: ChoicesStreamOptions) {
    super();
  }

  get runs(): ToolRuns {
    return { searches: this.searches.count };
  }

  errorFrame(error: RelayError): Buffer {
    return errorFrame(error);
  }

  protected textOf(payload: JsonObject): string {
    const choices = listAt(payload['choices']).map((choice) => objectAt(choice));
    this.writesDeltas ||= choices.some((choice) => hasWritten(objectAt(choice?.['delta'])));
    // Then a whole message, at the end of it, says the same once more.
    if (this.writesDeltas && choices.some((choice) => choice?.['message'] !== undefined))
      return this.options.textOf({ choices: choices.map((choice) => ({ ...choice, message: undefined })) });
    return this.options.textOf(payload);
  }

  protected override noteTexts(payload: JsonObject, note: NoteWritten): void {
    for (const choice of listAt(payload['choices']))
      note(this.textOf({ choices: [choice] }), 0, objectAt(choice)?.['index'] ?? 0);
    note('', this.mediaOf(payload));
  }

  protected override mediaOf(payload: JsonObject): number {
    return chatMediaTokens(payload);
  }

  protected isContent(payload: JsonObject): boolean {
    return listAt(payload['choices']).some((choice) => choiceWrites(objectAt(choice)));
  }

  protected firstToRead(frames: Buffer, from: number): number {
    let first = frames.indexOf(DONE, from);
    for (const name of [FINISH, USAGE, ERROR]) {
      const at = firstMember(frames, name, from);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    const tier = this.looks++ < FIRST_LOOKS && !this.serviceTier ? firstMember(frames, TIER, from) : -1;
    if (tier !== -1 && (first === -1 || tier < first)) first = tier;
    const { searches, sound, choices } = this.options;
    for (const word of searches && !this.searches.hasCited ? CITATIONS : []) {
      const at = frames.indexOf(word, from);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    const heard = sound && this.leaves.length < choices ? frames.indexOf(SOUND, from) : -1;
    if (heard !== -1 && (first === -1 || heard < first)) first = heard;
    return first;
  }

  protected read(data: string, payload: JsonObject | undefined): boolean {
    if (!payload) {
      if (data.trim() === '[DONE]') this.markEnd(!this.endsBare && this.hasEnded);
      return true;
    }
    const error = errorIn(payload);
    if (error) {
      this.fail(errorOfStream(error));
      return true;
    }
    this.searches.note(payload);
    if (this.options.sound) this.leave(leftByChat(payload));
    this.serviceTier = textIn(payload['service_tier']) ?? this.serviceTier;
    const usage = usageOf(payload);
    if (usage) this.report(usage);
    const choices = listAt(payload['choices']);
    for (const choice of choices) this.noteChoice(objectAt(choice));
    return !(this.options.hideUsage && usage && choices.length === 0);
  }

  /** Where no finish could be believed, the end of the stream is the end. */
  override finish(): Buffer {
    const passed = super.finish();
    if (!this.error && this.finished.size >= this.options.choices) this.holding = true;
    return passed;
  }

  /** A usage that says nothing of an output is no end: some upstreams put zeros beside what they make of an error. */
  private get hasEnded(): boolean {
    return this.finished.size > 0 || (this.usage !== undefined && outputOf(this.usage) > 0);
  }

  private noteChoice(choice: JsonObject | undefined): void {
    const error = errorOfChoice(choice);
    if (error) this.fail(errorOfStream(error));
    if (endsInFailure(choice)) this.endsBare = true;
    const index = choice?.['index'] ?? 0;
    const reason = choice?.['finish_reason'];
    const finishes = reason !== null && reason !== undefined && reason !== '';
    const wrote = choiceWrites(choice);
    if (wrote && this.finished.delete(index)) {
      this.finishesEarly = true;
      this.goOn();
    }
    if (!finishes) return;
    // One more than must finish says as much as any number of them.
    if (this.finished.size <= this.options.choices) this.finished.add(index);
    const isBelieved = !wrote || !this.finishesEarly;
    if (isBelieved && this.finished.size >= this.options.choices) this.holding = true;
  }
}
