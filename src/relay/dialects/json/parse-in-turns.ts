import { setImmediate } from 'node:timers/promises';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from './bytes.js';
import { batchEnd } from './batch.js';
import { LongString } from './long-string.js';
import { endOfString } from './strings.js';

/** What JSON.parse is given at once. */
const PIECE_BYTES = 16 * 1024;
/** Work before other calls have their turn. */
const TURN_MS = 4;

interface OpenObject {
  readonly kind: 'object';
  readonly value: Record<string, unknown>;
  /** Of the member whose value is being read. */
  name: string;
}

/** A list is put together when it ends: one that grows is copied again and again. */
interface OpenList {
  readonly kind: 'list';
  readonly batches: unknown[][];
}

/**
 * What JSON.parse gives for the same text in UTF-8, and rejects where it throws, but a few milliseconds at a time: others go on meanwhile.
 * Nothing is gained by another thread: handing the value over costs as much as parsing it.
 */
export async function parseInTurns(json: Buffer): Promise<unknown> {
  const parser = new Parser(json);
  for (;;) {
    const endsAt = performance.now() + TURN_MS;
    while (parser.step()) if (performance.now() > endsAt) break;
    if (parser.isDone) return parser.result;
    await setImmediate();
  }
}

/** Descends into what is large and gives the rest to JSON.parse, many small elements or members at once. */
class Parser {
  isDone = false;
  result: unknown;
  private at = 0;
  private readonly open: (OpenObject | OpenList)[] = [];
  private long: LongString | undefined;
  /** A container has just been opened: it may be empty, and no comma comes first. */
  private isFresh = true;

  constructor(private readonly json: Buffer) {}

  /** One piece. False when there is nothing more. @throws SyntaxError */
  step(): boolean {
    if (this.long) this.continueString(this.long);
    else {
      this.skipSpace();
      const open = this.open.at(-1);
      if (!open) {
        if (!this.isFresh) throw malformed();
        this.value();
      } else if (!this.close(open)) this.inside(open);
    }
    if (this.open.length > 0 || this.long) return true;
    this.skipSpace();
    if (this.at < this.json.length) throw malformed();
    this.isDone = true;
    return false;
  }

  /** At an element or a member, or at the comma before it. */
  private inside(open: OpenObject | OpenList): void {
    if (!this.isFresh) this.take(COMMA);
    const end = batchEnd(this.json, this.at, PIECE_BYTES);
    if (end > this.at) {
      addBatch(open, this.json.toString('utf8', this.at, end));
      this.at = end;
      this.isFresh = false;
      return;
    }
    if (open.kind === 'object') this.memberName(open);
    this.value();
  }

  private memberName(open: OpenObject): void {
    this.skipSpace();
    if (this.json[this.at] !== QUOTE) throw malformed();
    const end = endOfString(this.json, this.at);
    open.name = JSON.parse(this.json.toString('utf8', this.at, end)) as string;
    this.at = end;
    this.skipSpace();
    this.take(COLON);
  }

  /** At a value that is large, or of which nothing is known yet. */
  private value(): void {
    this.skipSpace();
    const first = this.json[this.at];
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      this.at++;
      this.isFresh = true;
      const isList = first === OPEN_BRACKET;
      this.open.push(isList ? { kind: 'list', batches: [] } : { kind: 'object', value: {}, name: '' });
    } else if (first === QUOTE) {
      this.long = new LongString(this.json, this.at, endOfString(this.json, this.at));
    } else this.plain();
  }

  /** A number or a word. */
  private plain(): void {
    const from = this.at;
    while (this.at < this.json.length && !isDelimiter(this.json[this.at] as number)) this.at++;
    this.add(JSON.parse(this.json.toString('utf8', from, this.at)));
  }

  private continueString(long: LongString): void {
    if (!long.step()) return;
    this.long = undefined;
    this.at = long.end;
    this.add(long.text);
  }

  /** Whether the container has ended here. */
  private close(open: OpenObject | OpenList): boolean {
    if (this.json[this.at] !== (open.kind === 'list' ? CLOSE_BRACKET : CLOSE_BRACE)) return false;
    this.at++;
    this.open.pop();
    this.add(open.kind === 'list' ? joined(open.batches) : open.value);
    return true;
  }

  private add(value: unknown): void {
    this.isFresh = false;
    const open = this.open.at(-1);
    if (!open) this.result = value;
    else if (open.kind === 'object') setMember(open.value, open.name, value);
    else if (open.batches.length > 0) open.batches.at(-1)?.push(value);
    else open.batches.push([value]);
  }

  private take(byte: number): void {
    if (this.json[this.at] !== byte) throw malformed();
    this.at++;
    this.skipSpace();
  }

  private skipSpace(): void {
    while (isSpace(this.json[this.at])) this.at++;
  }
}

function addBatch(open: OpenObject | OpenList, text: string): void {
  if (open.kind === 'list') {
    open.batches.push(JSON.parse(`[${text}]`) as unknown[]);
    return;
  }
  for (const [name, value] of Object.entries(JSON.parse(`{${text}}`) as object))
    setMember(open.value, name, value);
}

const joined = (batches: readonly unknown[][]): unknown[] =>
  batches.length === 1 ? (batches[0] as unknown[]) : ([] as unknown[]).concat(...batches);

/** As JSON.parse does it: `__proto__` is a name like any other. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;

const isDelimiter = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COLON || isSpace(byte);

const malformed = (): SyntaxError => new SyntaxError('not JSON');
