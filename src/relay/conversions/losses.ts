import type { ConvertibleProtocol } from '../../domain/channel/conversion.js';
import { type Loss, type LossName, lossTable, type Treatment } from './loss-table.js';

/** The request cannot be said to such an upstream. */
export class Inconvertible extends Error {
  override readonly name = 'Inconvertible';
  constructor(
    readonly param: string,
    what: string,
  ) {
    super(what);
  }
}

const MOST_BYTES = 1_024;
const MOST_NAME = 64;
/** Whoever sends more members that nobody knows is not told of each. */
const MOST_NAMES = 100;

/** What one conversion loses, as far as it has come. */
export class Losses {
  private readonly told = new Map<string, Exclude<Treatment, 'refused'>>();

  constructor(before?: Losses) {
    if (before) for (const [name, treated] of before.told) this.told.set(name, treated);
  }

  /** @throws Inconvertible where it is one that is refused. `param`: the member that it stands in, where that has another name */
  tell(name: LossName, param: string = name): void {
    const { treated, what }: Loss = lossTable[name];
    if (treated === 'refused') throw new Inconvertible(param, `${param}: ${what} cannot be converted.`);
    this.told.set(name, treated);
  }

  /** A member that nobody here knows. */
  drop(member: string): void {
    const name = member.slice(0, MOST_NAME).replace(/[^\w.-]/g, '_');
    this.told.set(this.told.size < MOST_NAMES ? name : 'more', 'dropped');
  }

  /** The first thing that is more than a matter of spelling; undefined: nothing is lost. */
  get first(): string | undefined {
    for (const [name, treated] of this.told) if (treated !== 'spelled') return name;
    return undefined;
  }

  /** By name, each once. */
  get names(): readonly string[] {
    return [...this.told.keys()].sort();
  }

  /** `messages>chat; dropped=cache_control,top_k; changed=temperature`, within 1 KiB. */
  headerOf(client: ConvertibleProtocol, upstream: ConvertibleProtocol): string {
    const dropped = this.named((treated) => treated === 'dropped');
    const changed = this.named((treated) => treated !== 'dropped');
    const parts = [`${client}>${upstream}`];
    if (dropped.length > 0) parts.push(`dropped=${within(dropped)}`);
    if (changed.length > 0) parts.push(`changed=${within(changed)}`);
    return parts.join('; ');
  }

  private named(wanted: (treated: Treatment) => boolean): readonly string[] {
    return this.names.filter((name) => wanted(this.told.get(name) as Treatment));
  }
}

/** So many of the names as fit into half of what a header may have. */
function within(names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    if (text.length + name.length > MOST_BYTES / 2 - 8) return `${text},more`;
    text += text === '' ? name : `,${name}`;
  }
  return text;
}
