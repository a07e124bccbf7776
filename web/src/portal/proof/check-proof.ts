// What verify-receipt.mjs checks of a proof of a balance, with what a browser has: it shows that the figures come out.
// The page is the service’s own: who does not believe it checks the same file elsewhere, with a key from elsewhere.

/** A proof that proves nothing. */
export class BadProof extends Error {
  override readonly name = 'BadProof';
}

export interface CheckedProof {
  /** A day, or an instant. */
  readonly asOf: string;
  readonly timeZone: string;
  readonly account: string;
  /** Below zero where the account was overdrawn. */
  readonly balance: bigint;
  readonly isOwed: boolean;
  /** Of all accounts on the same side. */
  readonly total: bigint;
  readonly accounts: number;
  readonly root: string;
  readonly leaf: string;
  readonly origin: string;
  readonly size: number;
  /** 8 digits of the key that signed; undefined where this browser cannot check signatures. */
  readonly signedBy: string | undefined;
}

const encoder = new TextEncoder();
const HASH = 32;
function need(isSo: boolean, why: string): asserts isSo {
  if (!isSo) throw new BadProof(why);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0);
  } catch {
    throw new BadProof('it is not base64');
  }
}
const textOf = (bytes: Uint8Array): string => btoa(String.fromCodePoint(...bytes));
const isSame = (one: Uint8Array, other: Uint8Array): boolean => textOf(one) === textOf(other);

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const sha256 = async (...parts: readonly (string | Uint8Array)[]) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));

/** Big-endian. */
const uint = (value: bigint, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, place) => Number((value >> BigInt(8 * (length - 1 - place))) & 255n));

/** The root that follows from a leaf and its path (RFC 6962, 2.1). */
async function rootOf<Node>(
  leaf: Node,
  {
    place: start,
    size,
    path,
  }: { readonly place: number; readonly size: number; readonly path: readonly Node[] },
  join: (left: Node, right: Node) => Promise<Node>,
): Promise<Node> {
  need(Number.isSafeInteger(start) && start >= 0 && start < size, 'it is behind the end of its tree');
  let [node, place, last] = [leaf, start, size - 1];
  for (const other of path) {
    need(last > 0, 'its path is too long');
    if (place % 2 === 1 || place === last) {
      node = await join(other, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else node = await join(node, other);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  need(last === 0, 'its path is too short');
  return node;
}

interface Extra {
  readonly form: string;
  readonly event: string;
  readonly salt: string;
  readonly slot: string;
  readonly recorded_at: string;
  readonly liability: {
    readonly side: 'owed' | 'overdrawn';
    readonly account_id: string;
    readonly salt: string;
    readonly quota: string;
    readonly last_index: number;
    readonly place: number;
    readonly path: readonly string[];
  };
}

interface Committed extends Record<
  'owed' | 'overdrawn',
  { readonly root: string; readonly quota: string; readonly accounts: number }
> {
  readonly as_of: string;
  readonly time_zone: string;
  readonly entries: number;
}

/** @param keys of the log, as `name+id+key` @throws BadProof */
export async function checkProof(text: string, keys: readonly string[]): Promise<CheckedProof> {
  const end = text.indexOf('\n\n');
  const [header, extraLine = '', indexLine = '', ...path] = text.slice(0, end).split('\n');
  need(end > 0 && header === 'c2sp.org/tlog-proof@v1' && extraLine.startsWith('extra '), 'it is no proof');
  const index = Number(indexLine.replace('index ', ''));
  const head = await readCheckpoint(text.slice(end + 2), keys);
  const extra = JSON.parse(new TextDecoder().decode(bytesOf(extraLine.slice('extra '.length)))) as Extra;
  need(extra.form === 'counterfoil-liability/v1', 'it is of another kind');
  const { type, data } = eventOf(extra.event);
  need(type === 'liability-committed.v1', 'its event is another one');
  const salted = textOf(await sha256(bytesOf(extra.salt), extra.event));
  const entry = `counterfoil-entry/v1\n${extra.slot}\n${type}\n${extra.recorded_at}\n${salted}\n`;
  const top = await rootOf(
    await sha256(Uint8Array.of(0), entry),
    { place: index, size: head.size, path: path.map(bytesOf) },
    (left, right) => sha256(Uint8Array.of(1), left, right),
  );
  need(isSame(top, head.root), 'the event is not the one that was signed');
  const committed = JSON.parse(data) as Committed;
  const balance = await checkLeaf(extra.liability, committed);
  need(
    extra.liability.last_index < committed.entries && committed.entries <= index,
    'it counts what came later',
  );
  const { origin, size, signedBy } = head;
  return { asOf: committed.as_of, timeZone: committed.time_zone, origin, size, signedBy, ...balance };
}

/** The account's own leaf, up to the root that the event names. */
async function checkLeaf(told: Extra['liability'], committed: Committed) {
  const { side, account_id: account, place } = told;
  const { root, quota, accounts } = committed[side];
  const sum = BigInt(told.quota);
  const mark = await sha256('counterfoil-liability-account/v1\n', bytesOf(told.salt), account);
  const leaf = await sha256(
    'counterfoil-liability-leaf/v1\n',
    mark,
    uint(sum, HASH / 2),
    uint(BigInt(told.last_index), 8),
  );
  const nodes = told.path.map((each) => {
    const bytes = bytesOf(each);
    const hex = Array.from(bytes.subarray(HASH), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { hash: bytes.subarray(0, HASH), sum: BigInt(`0x${hex || '0'}`) };
  });
  const top = await rootOf(
    { hash: leaf, sum },
    { place, size: accounts, path: nodes },
    async (left, right) => ({
      sum: left.sum + right.sum,
      hash: await sha256(
        'counterfoil-liability-node/v1\n',
        left.hash,
        uint(left.sum, HASH / 2),
        right.hash,
        uint(right.sum, HASH / 2),
      ),
    }),
  );
  const total = BigInt(quota);
  need(isSame(top.hash, bytesOf(root)) && top.sum === total, 'the balance is not in what is owed');
  const isOwed = side === 'owed';
  return { account, balance: isOwed ? sum : -sum, isOwed, total, accounts, root, leaf: textOf(leaf) };
}

/** The parts of an event's text that are of interest. */
function eventOf(event: string): { readonly type: string; readonly data: string } {
  const head = event.split('\n', 6);
  const rest = encoder.encode(event.slice(head.join('\n').length + 1));
  return { type: head[4] ?? '', data: new TextDecoder().decode(rest.subarray(0, Number(head[5]))) };
}

async function readCheckpoint(note: string, keys: readonly string[]) {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [origin = '', size, root = ''] = text.split('\n');
  const signatures = note
    .slice(end + 2)
    .trimEnd()
    .split('\n')
    .map((line) => bytesOf(line.split(' ')[2] ?? ''));
  const signedBy = await signerOf(
    text,
    signatures,
    keys.filter((key) => key.startsWith(`${origin}+`)),
  );
  return { origin, size: Number(size), root: bytesOf(root), signedBy };
}

/** Whose signature stands below it. Browsers that do not know Ed25519 leave it unsaid. */
async function signerOf(
  text: string,
  signatures: readonly Uint8Array<ArrayBuffer>[],
  keys: readonly string[],
): Promise<string | undefined> {
  for (const key of keys) {
    const [id = '', ...encoded] = key.split('+').slice(1);
    // Base64 may have a plus of its own, a name has none.
    const bytes = bytesOf(encoded.join('+'));
    const isOfKey = (each: Uint8Array) =>
      Array.from(each.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('') === id;
    const signature = signatures.find(isOfKey);
    if (!signature) continue;
    const known = await crypto.subtle
      .importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify'])
      .catch(() => undefined);
    if (!known) return undefined;
    const isGood = await crypto.subtle.verify('Ed25519', known, signature.slice(4), encoder.encode(text));
    need(isGood, 'the signature is false');
    return id;
  }
  throw new BadProof('it is not signed with a key of this log');
}
