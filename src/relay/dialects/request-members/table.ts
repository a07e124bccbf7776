import { type JsonMember, namesIn } from '../json/members.js';
import { foldedName, invalidRequest } from '../json/body.js';
import { type JsonObject, objectAt } from '../json/read.js';
import { Asks, type RequestAsks } from './asks.js';
import type { MemberRow, Reading } from './rows.js';

/** What an endpoint does with each member of its request. */
export interface MemberTable {
  readonly endpoint: string;
  /** The document whose members have rows, and its date. */
  readonly source: string;
  readonly rows: readonly MemberRow[];
  /** What stands inside of other members, for people: those members read it. */
  readonly inside: readonly { readonly of: string; readonly rows: readonly MemberRow[] }[];
}

/** A member as it stands in a request; without `namesInside` where its bytes are not at hand. */
type GivenMember = Pick<JsonMember, 'name'> & Partial<Pick<JsonMember, 'namesInside'>>;

/** What is in it some upstreams take for members of the request itself, over those that stand there. */
export const EXTRA_BODY = 'extra_body';
/** What has been read where it stands, and would be another there, by folded names. */
const DECIDING: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'input', 'prompt', 'system', 'instructions', 'query', 'documents'],
  ...['contents', 'systeminstruction', 'generationconfig', 'candidatecount'],
  ...['stream', 'n', 'size', 'quality'],
  ...['maxtokens', 'maxcompletiontokens', 'maxoutputtokens', 'thinking', 'thinkingconfig'],
]);
const EXTRA_BODY_FOLDED = foldedName(EXTRA_BODY);

/** A table ready to judge by. */
export class MemberJudge {
  private readonly readings: ReadonlyMap<string, Reading>;
  /** The same by their names however they are spelled, as some upstreams take them. */
  private readonly folded: ReadonlyMap<string, { readonly name: string; readonly read: Reading }>;
  /** Members that must not be sent twice or in another spelling, lest upstream see another value than was judged. */
  readonly names: readonly string[];

  constructor({ rows }: Pick<MemberTable, 'rows'>) {
    this.readings = new Map(
      rows.flatMap(({ names, read }) => (read ? names.map((name) => [name, read] as const) : [])),
    );
    this.folded = new Map([...this.readings].map(([name, read]) => [foldedName(name), { name, read }]));
    this.names = [...this.readings.keys()];
  }

  /**
   * What the request asks for; undefined: nothing that a row speaks of. A member without a row is not looked at.
   * @param named what a member is called in the table, where clients may spell it otherwise
   * @param begun what was asked for beside the body
   * @throws CallRefused `invalid_request` for what is refused whatever the channel is
   */
  asks(
    parsed: JsonObject,
    members: readonly GivenMember[],
    named: (member: string) => string = sameName,
    begun?: Asks,
  ): RequestAsks | undefined {
    let asks = begun;
    for (const { name, namesInside } of members) {
      const member = named(name);
      const read = this.readings.get(member);
      const value = read && parsed[name];
      if (!read || value === null || value === undefined) continue;
      refuseTwice(member, value, namesInside);
      read(value, (asks ??= new Asks()), member);
      if (foldedName(member) === EXTRA_BODY_FOLDED) this.within(objectAt(value), asks);
    }
    return asks?.any;
  }

  /** Members in `extra_body`, and in another one there. */
  private within(inner: JsonObject | undefined, asks: Asks): void {
    for (const [name, value] of Object.entries(inner ?? {})) {
      if (value === null) continue;
      const folded = foldedName(name);
      if (DECIDING.has(folded))
        throw invalidRequest(
          `"${name}" must stand in the request itself, not in "${EXTRA_BODY}".`,
          EXTRA_BODY,
        );
      const row = this.folded.get(folded);
      row?.read(value, asks, row.name);
      if (folded === EXTRA_BODY_FOLDED) this.within(objectAt(value), asks);
    }
  }
}

/** @throws CallRefused `invalid_request` where a name stands twice in one object: some upstreams take the first, which nobody here has seen */
function refuseTwice(member: string, value: unknown, namesInside: number | undefined): void {
  if (namesInside !== undefined && namesInside !== namesIn(value))
    throw invalidRequest(`"${member}": no name may stand twice in one object.`, member);
}

/** Members as `asks` takes them, of an object whose bytes are not at hand. */
export const membersOf = (object: JsonObject): readonly Pick<JsonMember, 'name'>[] =>
  Object.keys(object).map((name) => ({ name }));

const sameName = (name: string): string => name;
