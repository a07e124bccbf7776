import type { Usage } from '../../../../domain/pricing/usage.js';
import type { NoteWritten } from '../../../metering/delivered-text.js';
import { BUFFER_BYTES } from '../../../metering/kept-text.js';
import type { RelayError } from '../../../errors.js';
import type { ToolRuns } from '../../../metering/tool-runs.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { FailedAnswer } from '../../read-answer.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { bothNames, inJsonNames } from '../proto-names.js';
import { firstMember } from '../../sse/first-member.js';
import { errorOf, statusOfError } from '../answer.js';
import { errorText } from '../errors.js';
import { candidatesOf, isBlocked } from './candidates.js';
import { LastReport, reportIn, saysOf } from './last-report.js';
import { GroundingSearches, mayTellSearches } from './searches.js';
import { candidateText, mediaTokensOf } from './texts.js';
import type { Unit, UnitSplitter } from '../../units.js';

/** A picture comes in one piece, often in the last one: what exceeds this is not what it should be. */
const MAX_UNIT_BYTES = 32 * 1024 * 1024;
const MAX_TAIL_BYTES = 33 * 1024 * 1024;

/** Members by which a payload can end the answer. */
const ENDINGS = ['finishReason', 'promptFeedback'].flatMap(bothNames).concat(Buffer.from('"error"'));
const USAGES = bothNames('usageMetadata');
const CANDIDATES = '"candidates"';
const MEDIA = bothNames('inlineData');
const NOTHING = Buffer.alloc(0);

/**
 * An answer of `:streamGenerateContent` on its way through, in either framing. The stream has no mark of its end but that it ends, so
 * the payload in which the last candidate finishes is kept back, with all that follows; should the model write on after it (some upstreams
 * say "STOP" in every payload), it was not the end, and goes on.
 *
 * A payload is parsed only when it may end the answer.
 */
export class GeminiStream implements AnswerStream {
  /** A picture or a sound has gone out, which is worth the charge without a word of text. */
  chargedFromFirstByte = false;
  error: FailedAnswer | undefined;
  done = false;
  holding = false;
  oversized = false;

  private kept: Buffer[] = [];
  private keptBytes = 0;
  private hasPassed = false;
  private readonly finished = new Set<unknown>();
  private readonly lastReport = new LastReport();
  private readonly searches = new GroundingSearches();

  /** `choices`: how many candidates must finish before the answer is over. */
  constructor(
    private readonly units: UnitSplitter,
    private readonly choices: number,
  ) {}

  get contentType(): string {
    return this.units.contentType;
  }

  get usage(): Usage | undefined {
    return this.lastReport.usage;
  }

  get serviceTier(): string | undefined {
    return this.lastReport.serviceTier;
  }

  get runs(): ToolRuns {
    return { searches: this.searches.count };
  }

  get usageIsStale(): boolean {
    return !this.holding && this.lastReport.isStale;
  }

  get usageIsEarly(): boolean {
    return this.lastReport.isEarly;
  }

  push(chunk: Buffer): Buffer {
    if (this.done || this.error || this.oversized) return NOTHING;
    const passed: Buffer[] = [];
    for (const unit of this.units.split(chunk)) this.take(unit, passed);
    if (this.units.unfinishedBytes > MAX_UNIT_BYTES) this.oversized = true;
    return joined(passed);
  }

  finish(): Buffer {
    if (this.done || this.error || this.oversized) return NOTHING;
    const passed: Buffer[] = [];
    const rest = this.units.rest();
    const payload = rest && this.payloadOf(rest.bytes);
    if (rest && payload && (rest.kind === 'payload' || errorOf(payload))) this.take(rest, passed);
    return joined(passed);
  }

  tail(): Buffer {
    return Buffer.concat(this.done ? this.kept : [...this.kept, Buffer.from(this.units.ending)]);
  }

  readTexts(passed: Buffer, note: NoteWritten): void {
    for (const unit of this.units.unitsOf(passed)) {
      const payload = this.payloadOf(unit);
      if (!payload) continue;
      for (const candidate of listAt(payload['candidates'])) {
        const object = objectAt(candidate);
        // The first candidate's index, 0, is often left out.
        note(candidateText(object), 0, object?.['index'] ?? 0);
      }
      note('', mediaTokensOf(payload));
    }
  }

  hasContent(passed: Buffer): boolean {
    for (const unit of this.units.unitsOf(passed)) {
      const payload = this.payloadOf(unit);
      if (payload && candidatesOf(payload).some(({ wrote }) => wrote)) return true;
    }
    return false;
  }

  errorFrame(error: RelayError): Buffer {
    const frame = this.units.frame(errorText(error), !this.hasPassed);
    return Buffer.concat([frame, Buffer.from(this.units.ending)]);
  }

  private take({ kind, bytes }: Unit, passed: Buffer[]): void {
    if (this.done || this.error) return;
    if (kind === 'close') {
      // Without a finish before it, it is no end, and what follows it is nothing.
      if (this.holding) {
        this.keep(bytes);
        this.done = true;
      }
      return;
    }
    const grounded = mayTellSearches(bytes);
    const payload = grounded || this.holding || mayEnd(bytes) ? this.payloadOf(bytes) : undefined;
    if (payload && grounded) this.searches.note(payload);
    if (payload) this.read(payload, passed);
    else this.glance(bytes);
    if (this.error) return;
    if (this.holding) this.keep(bytes);
    else this.pass([bytes], passed);
  }

  private read(payload: JsonObject, passed: Buffer[]): void {
    const error = errorOf(payload);
    if (error) {
      this.fail(error);
      return;
    }
    const candidates = candidatesOf(payload);
    for (const { index, wrote } of candidates) if (wrote) this.finished.delete(index);
    if (this.holding && this.finished.size < this.choices && candidates.some(({ wrote }) => wrote)) {
      this.letGo(passed);
    }
    // One more than must finish says as much as any number of them.
    for (const { index, finished } of candidates)
      if (finished && this.finished.size <= this.choices) this.finished.add(index);
    if (this.finished.size >= this.choices || isBlocked(payload)) this.holding = true;
    if (candidates.some(({ wrote }) => wrote)) this.lastReport.wrote();
    const report = reportIn(payload);
    if (report) this.lastReport.keep(() => report, saysOf(report));
  }

  /** A payload that cannot end the answer. */
  private glance(unit: Buffer): void {
    const usage = Math.max(...USAGES.map((name) => firstMember(unit, name, 0)));
    if (unit.includes(CANDIDATES)) this.lastReport.wrote();
    if (usage !== -1) this.lastReport.keepUnit(unit, usage, () => this.payloadOf(unit));
  }

  private fail(error: JsonObject): void {
    const body = JSON.stringify({ error });
    this.error = { kind: 'error', status: statusOfError(error), body: Buffer.from(body) };
    this.keep(this.units.frame(body, !this.hasPassed && this.kept.length === 0));
    this.holding = true;
  }

  private keep(bytes: Buffer): void {
    this.kept.push(bytes);
    this.keptBytes += bytes.length + BUFFER_BYTES;
    if (this.keptBytes > MAX_TAIL_BYTES) this.oversized = true;
  }

  private letGo(passed: Buffer[]): void {
    this.pass(this.kept, passed);
    this.kept = [];
    this.keptBytes = 0;
    this.holding = false;
  }

  private pass(units: readonly Buffer[], passed: Buffer[]): void {
    passed.push(...units);
    this.hasPassed = true;
    this.chargedFromFirstByte ||= units.some((unit) => MEDIA.some((name) => unit.includes(name)));
  }

  private payloadOf(unit: Buffer): JsonObject | undefined {
    const json = this.units.json(unit);
    if (json === '') return undefined;
    try {
      const parsed: unknown = JSON.parse(json);
      const payload = objectAt(Array.isArray(parsed) ? parsed[0] : parsed);
      return payload && inJsonNames(payload);
    } catch {
      return undefined;
    }
  }
}

function mayEnd(unit: Buffer): boolean {
  return ENDINGS.some((name) => firstMember(unit, name, 0) !== -1);
}

function joined(passed: readonly Buffer[]): Buffer {
  if (passed.length === 0) return NOTHING;
  return passed.length === 1 ? (passed[0] as Buffer) : Buffer.concat(passed);
}
