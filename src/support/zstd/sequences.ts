import { BackwardBits, Malformed } from './bits.js';
import { constantTable, readStateTable, type StateTable, stateTable } from './entropy.js';

/** How many literals come next, and how much is copied from how far back after them. */
export interface Sequences {
  readonly literals: Uint32Array;
  readonly lengths: Uint32Array;
  /** As they are written: up to 3 for one of the last offsets, else 3 more than they are. */
  readonly offsets: Float64Array;
}

/** For blocks that go on with them. */
export interface SequenceTables {
  literals?: StateTable;
  offsets?: StateTable;
  lengths?: StateTable;
}

interface Code {
  readonly most: { readonly accuracy: number; readonly symbol: number };
  readonly usual: StateTable;
}

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);
const CODES: Readonly<Record<keyof SequenceTables, Code>> = {
  literals: {
    most: { accuracy: 9, symbol: 35 },
    usual: stateTable(
      [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)],
      6,
    ),
  },
  offsets: {
    most: { accuracy: 8, symbol: 31 },
    usual: stateTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5),
  },
  lengths: {
    most: { accuracy: 9, symbol: 52 },
    usual: stateTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
  },
};

/** Of each code the bits that follow it; each begins where the one before ends. */
const LITERAL_BITS = [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const LENGTH_BITS = [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const basesOf = (first: number, bits: readonly number[]): readonly number[] => {
  let base = first;
  return bits.map((wide) => (base += 2 ** wide) - 2 ** wide);
};
const LITERAL_BASES = basesOf(0, LITERAL_BITS);
const LENGTH_BASES = basesOf(3, LENGTH_BITS);
const MOST_OFFSET_BITS = 27;

/** @throws Malformed */
export function readSequences(block: Uint8Array, start: number, tables: SequenceTables): Sequences {
  const first = block[start] ?? 0;
  const second = block[start + 1] ?? 0;
  const third = block[start + 2] ?? 0;
  const isLong = first === 255;
  const count = first < 128 ? first : isLong ? second + third * 256 + 0x7f00 : (first - 128) * 256 + second;
  let at = start + (first < 128 ? 1 : isLong ? 3 : 2);
  if (at > block.length) throw new Malformed('sequences are missing');
  const found = {
    literals: new Uint32Array(count),
    lengths: new Uint32Array(count),
    offsets: new Float64Array(count),
  };
  if (count === 0) {
    if (at !== block.length) throw new Malformed('a block is longer than it says');
    return found;
  }
  const modes = block[at++] ?? 0;
  for (const [name, shift] of [
    ['literals', 6],
    ['offsets', 4],
    ['lengths', 2],
  ] as const)
    at += chooseTable(block, at, (modes >> shift) & 3, tables, name);
  decode(new BackwardBits(block, at, block.length), tables as Required<SequenceTables>, found);
  return found;
}

/** Bytes that its description takes. */
function chooseTable(
  block: Uint8Array,
  at: number,
  mode: number,
  tables: SequenceTables,
  name: keyof SequenceTables,
): number {
  const { most, usual } = CODES[name];
  switch (mode) {
    case 0:
      tables[name] = usual;
      return 0;
    case 1: {
      const symbol = block[at] ?? 255;
      if (symbol > most.symbol) throw new Malformed('a code is too large');
      tables[name] = constantTable(symbol);
      return 1;
    }
    case 2: {
      const { table, bytesRead } = readStateTable(block, at, most);
      tables[name] = table;
      return bytesRead;
    }
    default:
      if (!tables[name]) throw new Malformed('a block goes on with a table that is not there');
      return 0;
  }
}

function decode(bits: BackwardBits, tables: Required<SequenceTables>, found: Sequences): void {
  const { literals, offsets, lengths } = tables;
  let literal = bits.read(literals.accuracy);
  let offset = bits.read(offsets.accuracy);
  let length = bits.read(lengths.accuracy);
  const following = ({ bases, bits: wide }: StateTable, state: number) =>
    (bases[state] as number) + bits.read(wide[state] as number);
  const count = found.literals.length;
  for (let at = 0; at < count; at++) {
    const far = offsets.symbols[offset] as number;
    if (far > MOST_OFFSET_BITS) throw new Malformed('an offset is too large');
    found.offsets[at] = 2 ** far + bits.read(far);
    const long = lengths.symbols[length] as number;
    found.lengths[at] = (LENGTH_BASES[long] as number) + bits.read(LENGTH_BITS[long] as number);
    const more = literals.symbols[literal] as number;
    found.literals[at] = (LITERAL_BASES[more] as number) + bits.read(LITERAL_BITS[more] as number);
    if (at === count - 1) break;
    literal = following(literals, literal);
    length = following(lengths, length);
    offset = following(offsets, offset);
  }
  if (bits.left !== 0) throw new Malformed('a stream of bits has another length');
}
