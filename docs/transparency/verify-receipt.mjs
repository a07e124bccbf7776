#!/usr/bin/env node
// Checks a receipt of a Counterfoil ledger, or a proof that a balance is in what the ledger says it owes. It needs Node 18 or newer, and nothing else: no network, no package, no other file.
//
//   node verify-receipt.mjs RECEIPT.tlog-proof 'LOG+KEY+...' ['WITNESS+KEY+...' ...]
//
// The key must come to you by another way than the receipt: from the ledger's web site, an invoice, a newspaper.
// It prints OK and what the ledger wrote down, and ends with 0; or FAILED and why, and ends with 1.
//
// How it works. The ledger writes down events, one after the other, and keeps a Merkle tree over them (RFC 6962). Every ten seconds it
// signs the root of that tree: a checkpoint. Whoever has seen a checkpoint will notice if anything below it is ever changed. A receipt has
// the event, its path up to the root, and a checkpoint. The formats are those of https://c2sp.org: tlog-proof, tlog-checkpoint,
// signed-note and tlog-cosignature. At the end of a day one of the events says what is owed to all accounts together: the root of a second
// tree, whose nodes have sums. A proof of a balance has that event, and the account's path up to its root.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { TextDecoder } from 'node:util';

class Failed extends Error {}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** Base64 as it is written the one way there is: two texts for the same bytes would let a change go unseen. */
function base64(text, what, length) {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (bytes.toString('base64') !== text) throw new Failed(`${what} is not base64`);
  if (length !== undefined && bytes.length !== length)
    throw new Failed(`${what} has ${bytes.length} bytes, not ${length}`);
  return bytes;
}

/** A whole number without leading zeroes. */
function number(text, what) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text ?? '') || !Number.isSafeInteger(Number(text)))
    throw new Failed(`${what} is not a number`);
  return Number(text);
}

// --- Keys (signed-note) ------------------------------------------------------------------------------------------------------

/** name+id+base64(type, key): type 1 signs notes, type 4 is a witness that says when it saw one. */
export function readKey(text) {
  const [, name, id, key] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  if (!name) throw new Failed('a key is name+id+key');
  const bytes = base64(key, 'a key', 33);
  if (bytes[0] !== 1 && bytes[0] !== 4) throw new Failed('a key of another kind than Ed25519');
  // The id is not chosen: it follows from name and key.
  if (sha256(`${name}\n`, bytes).toString('hex', 0, 4) !== id)
    throw new Failed('the id of a key is not that of its name and key');
  return { name, id, isWitness: bytes[0] === 4, publicKey: bytes.subarray(1) };
}

function isSigned({ publicKey }, message, signature) {
  // What DER puts before the 32 bytes of an Ed25519 key.
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

// --- Checkpoints (signed-note, tlog-checkpoint, tlog-cosignature) --------------------------------------------------------------

/** The text of a note, and the signatures below it. */
function readNote(note) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n'))
    throw new Failed('the checkpoint is not a text, an empty line and signatures');
  const text = note.slice(0, end + 1);
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      if (!name) throw new Failed('a signature is a dash, a name and base64');
      const bytes = base64(encoded, 'a signature');
      return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
    });
  return { text, signatures };
}

/** Whether a key has signed; a witness signs the text with the time at which it saw it. A false signature fails everything. */
function signedBy(key, { text, signatures }) {
  const signature = signatures.find(({ name, id }) => name === key.name && id === key.id);
  if (!signature) return undefined;
  let [message, bytes, time] = [Buffer.from(text), signature.bytes, undefined];
  if (key.isWitness) {
    if (bytes.length !== 72) throw new Failed(`the signature of ${key.name} is false`);
    time = bytes.readBigUInt64BE(0);
    message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    bytes = bytes.subarray(8);
  }
  if (!isSigned(key, message, bytes)) throw new Failed(`the signature of ${key.name} is false`);
  return { name: key.name, seenAt: time === undefined ? undefined : new Date(Number(time) * 1000) };
}

function openCheckpoint(text, logKey, witnessKeys) {
  const note = readNote(text);
  const [origin, size, root] = note.text.split('\n');
  if (origin !== logKey.name)
    throw new Failed(`the checkpoint is of ${origin}, and the key of ${logKey.name}`);
  if (!signedBy(logKey, note)) throw new Failed('the checkpoint is not signed with this key');
  const witnesses = witnessKeys.map((key) => {
    const seen = signedBy(key, note);
    if (!seen) throw new Failed(`the witness ${key.name} has not seen the checkpoint`);
    return seen;
  });
  return { origin, size: number(size, 'the size'), root: base64(root, 'the root', 32), witnesses };
}

// --- The tree (RFC 6962, 2.1) --------------------------------------------------------------------------------------------------

const hashLeaf = (entry) => sha256(Buffer.of(0), entry);
const hashNode = (left, right) => sha256(Buffer.of(1), left, right);

/** The root that follows from a leaf and its path. */
function rootOf(leaf, index, size, path, join = hashNode) {
  if (index >= size) throw new Failed('the entry is behind the end of the tree');
  let [hash, place, last] = [leaf, index, size - 1];
  for (const other of path) {
    if (last === 0) throw new Failed('the path is too long');
    if (place % 2 === 1 || place === last) {
      hash = join(other, hash);
      // At the right edge an entry may have no neighbour for some levels.
      while (place % 2 === 0 && place !== 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else hash = join(hash, other);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Failed('the path is too short');
  return hash;
}

// --- The receipt (tlog-proof, and what is ours in its `extra`) -------------------------------------------------------------------

function readProof(text) {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new Failed('the file does not end with a checkpoint');
  const [header, extra, index, ...path] = text.slice(0, end).split('\n');
  if (header !== 'c2sp.org/tlog-proof@v1') throw new Failed('the file is no tlog-proof');
  if (!extra?.startsWith('extra ')) throw new Failed('the file has no event');
  if (!index?.startsWith('index ')) throw new Failed('the file does not say the index of its entry');
  if (path.length > 63) throw new Failed('the path is too long');
  return {
    extra: base64(extra.slice(6), 'what is extra'),
    index: number(index.slice(6), 'the index'),
    path: path.map((line) => base64(line, 'a hash of the path', 32)),
    checkpoint: text.slice(end + 2),
  };
}

/** The event is given as the bytes that were hashed: names in lines, the length of its data, its data and its metadata. */
function readEvent(extra) {
  let told;
  try {
    told = JSON.parse(extra.toString());
  } catch {
    throw new Failed('what is extra is not JSON');
  }
  const { form, event, salt, slot, recorded_at: recordedAt, liability } = told ?? {};
  for (const each of [event, salt, slot, recordedAt])
    if (typeof each !== 'string') throw new Failed('the event is not whole');
  // In these members, in this order, and nothing else.
  const again = JSON.stringify({ form, event, salt, slot, recorded_at: recordedAt, liability });
  const known = liability === undefined ? 'counterfoil-receipt/v1' : 'counterfoil-liability/v1';
  if (form !== known || !Buffer.from(again).equals(extra))
    throw new Failed('the event is not told in the way a receipt does');
  const [first, stream, revision, id, type, length] = event.split('\n', 6);
  if (first !== 'counterfoil-event/v1' || !stream || !revision || !id || !type)
    throw new Failed('the event is not written as events are');
  const head = [first, stream, revision, id, type, length].join('\n').length + 1;
  const rest = Buffer.from(event.slice(head));
  const end = number(length, 'the length of the data');
  const data = rest.toString('utf8', 0, end);
  const metadata = rest.toString('utf8', end);
  return {
    event,
    salt: base64(salt, 'the salt', 32),
    slot,
    recordedAt,
    stream,
    revision,
    id,
    type,
    data,
    metadata,
    liability,
  };
}

/** What anybody sees of an event in the public log: that there is one, when, and a hash that only its salt and the event come to. */
function entryOf({ event, salt, slot, recordedAt, type }) {
  const commitment = sha256(salt, event).toString('base64');
  return Buffer.from(`counterfoil-entry/v1\n${slot}\n${type}\n${recordedAt}\n${commitment}\n`);
}

/** @returns what the receipt proves @throws where it proves nothing */
export function verifyReceipt(text, logKey, witnessKeys = []) {
  const { extra, index, path, checkpoint } = readProof(text);
  const { origin, size, root, witnesses } = openCheckpoint(checkpoint, logKey, witnessKeys);
  const told = readEvent(extra);
  if (!rootOf(hashLeaf(entryOf(told)), index, size, path).equals(root))
    throw new Failed('the event is not the one that the checkpoint was signed of');
  const balance = told.liability === undefined ? undefined : balanceOf(told, index);
  return { origin, size, index, witnesses, ...told, balance };
}

// --- Balances (a Merkle sum tree) ------------------------------------------------------------------------------------------------

// A node is a hash and a sum. A hash is over hash and sum of both its children: were it over the sum of both together, the operator could
// show each user another half of it.

const uint = (value, bytes) => Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');
const sumOf = ({ sum }) => uint(sum, 16);

const sumLeaf = (salt, account, sum, lastIndex) => {
  const mark = sha256('counterfoil-liability-account/v1\n', salt, account);
  return { sum, hash: sha256('counterfoil-liability-leaf/v1\n', mark, uint(sum, 16), uint(lastIndex, 8)) };
};
const joinSums = (left, right) => {
  const children = [left.hash, sumOf(left), right.hash, sumOf(right)];
  return { sum: left.sum + right.sum, hash: sha256('counterfoil-liability-node/v1\n', ...children) };
};

/** A sum is never negative. */
function amount(text, what) {
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,29})$/.test(text))
    throw new Failed(`${what} is not an amount`);
  return BigInt(text);
}

/** What an account had, as part of what the event says is owed to all, or (negative) is owed by those that are overdrawn. */
function balanceOf({ type, data, liability }, eventIndex) {
  if (type !== 'liability-committed.v1')
    throw new Failed('the event does not say what is owed to all accounts');
  const { side, account_id: account, salt, quota, last_index: lastIndex, place, path } = liability ?? {};
  const again = { side, account_id: account, salt, quota, last_index: lastIndex, place, path };
  if (JSON.stringify(again) !== JSON.stringify(liability))
    throw new Failed('the balance is not told as balances are');
  if (typeof account !== 'string' || !Array.isArray(path) || !['owed', 'overdrawn'].includes(side))
    throw new Failed('the balance is not whole');
  const committed = JSON.parse(data);
  const { root, quota: total, accounts } = committed[side];
  const leaf = sumLeaf(
    base64(salt, 'the salt', 32),
    account,
    amount(quota, 'the balance'),
    number(`${lastIndex}`, 'an index'),
  );
  const nodes = path.map((text) => {
    const bytes = base64(text, 'a node of the path', 48);
    return { hash: bytes.subarray(0, 32), sum: BigInt(`0x${bytes.toString('hex', 32)}`) };
  });
  const size = number(`${accounts}`, 'the number of accounts');
  const top = rootOf(leaf, number(`${place}`, 'the place'), size, nodes, joinSums);
  if (!top.hash.equals(base64(root, 'the root', 32)) || top.sum !== amount(total, 'the total'))
    throw new Failed('the balance is not in what the ledger said it owes');
  if (lastIndex >= committed.entries || committed.entries > eventIndex)
    throw new Failed('it counts what came later');
  return { account, quota: side === 'owed' ? leaf.sum : -leaf.sum, lastIndex, ...committed };
}

// --- The command -----------------------------------------------------------------------------------------------------------------

function main([file, key, ...witnesses]) {
  if (file === undefined || key === undefined) {
    console.error("usage: node verify-receipt.mjs RECEIPT.tlog-proof 'LOG+KEY' ['WITNESS+KEY' ...]");
    return 2;
  }
  try {
    // Bytes that are no UTF-8 are no receipt.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    const proved = verifyReceipt(text, readKey(key), witnesses.map(readKey));
    console.log(`OK: entry ${proved.index} of ${proved.size} of ${proved.origin}`);
    console.log(
      `recorded at ${proved.recordedAt}: ${proved.type}, revision ${proved.revision} of ${proved.stream}, id ${proved.id}`,
    );
    console.log(`data     ${proved.data}\nmetadata ${proved.metadata}`);
    if (proved.balance) {
      const { account, quota, as_of: day, time_zone: zone, owed, overdrawn, entries } = proved.balance;
      console.log(`account ${account} had ${quota} at the end of ${day} (${zone}), after ${entries} entries`);
      console.log(
        `of ${owed.quota} owed to ${owed.accounts} accounts; ${overdrawn.accounts} owe ${overdrawn.quota}`,
      );
    }
    for (const { name, seenAt } of proved.witnesses)
      console.log(`seen by ${name} at ${seenAt?.toISOString() ?? 'an unknown time'}`);
    return 0;
  } catch (error) {
    console.log(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main(process.argv.slice(2));
