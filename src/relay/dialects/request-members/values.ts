import { invalidRequest } from '../json/body.js';
import { type JsonObject, objectAt } from '../json/read.js';
import type { Asks } from './asks.js';
import { asSpelled } from './spelled.js';

/*
 * What stands in a member that is judged is read by the type that it is documented to have. Any other type is refused: an upstream that takes
 * it all the same would do what nobody here has seen. Null is nothing, as everywhere.
 */

/** A model named by a member. @throws CallRefused `invalid_request` where it is no text */
export function nameModel(value: unknown, asks: Asks, member = 'model'): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string') throw otherThan(member, 'a model’s name');
  asks.models.push(value.slice(0, MAX_NAME));
}

/** Models in a list of names, or of objects that have one as `model`; also one alone. @throws CallRefused `invalid_request` */
export function nameModels(value: unknown, asks: Asks, member: string): void {
  for (const element of Array.isArray(value) ? value : [value]) {
    const object = objectAt(element);
    const named: unknown = object ? asSpelled(object, member)['model'] : element;
    if (typeof named !== 'string') throw otherThan(member, 'a list of models');
    nameModel(named, asks, member);
  }
}

/**
 * An id of something that an earlier call left at upstream.
 * @param mustBeKnown only what calls leave has such an id: one that no call of the account has left is somebody else’s
 * @throws CallRefused `invalid_request` where it is no text
 */
export function refer(member: string, id: unknown, asks: Asks, mustBeKnown = false): void {
  if (id === undefined || id === null || id === '') return;
  if (typeof id !== 'string') throw otherThan(member, 'a text');
  const reference = { member, id: id.slice(0, MAX_ID) };
  asks.references.push(mustBeKnown ? { ...reference, mustBeKnown } : reference);
}

/** The same of a file, which upstream reads and nobody here has seen. @throws CallRefused `invalid_request` where it is no text */
export function referFile(member: string, id: unknown, asks: Asks): void {
  if ((id ?? '') !== '') asks.readsMore = true;
  refer(member, id, asks);
}

/** The same of each in a list, or of one alone. @throws CallRefused `invalid_request` */
export function referEach(member: string, ids: unknown, asks: Asks): void {
  for (const id of Array.isArray(ids) ? ids : [ids]) refer(member, id, asks);
}

/** Undefined for null and where there is none. @throws CallRefused `invalid_request` for whatever else is no text */
export function textIn(value: unknown, member: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw otherThan(member, 'a text');
}

/** Undefined for null and where there is none. @throws CallRefused `invalid_request` for whatever else is no object */
export function objectIn(value: unknown, member: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const object = objectAt(value);
  if (!object) throw otherThan(member, 'an object');
  return asSpelled(object, member);
}

/** @throws CallRefused `invalid_request` for whatever is neither a list nor null */
export function listIn(value: unknown, member: string): readonly unknown[] {
  if (value === undefined || value === null) return NOTHING;
  if (!Array.isArray(value)) throw otherThan(member, 'a list');
  return value;
}

/** What may be one text instead: nothing in it is read then. @throws CallRefused `invalid_request` */
export function listOrText(value: unknown, member: string): readonly unknown[] {
  return typeof value === 'string' ? NOTHING : listIn(value, member);
}

/** An element of a list; undefined for null and for a text, which is no more than it says. @throws CallRefused `invalid_request` */
export function elementAt(element: unknown, member: string): JsonObject | undefined {
  return typeof element === 'string' ? undefined : objectIn(element, member);
}

const otherThan = (member: string, type: string) => {
  const [param = member] = member.split(':');
  return invalidRequest(`"${member}" must be ${type}.`, param);
};

const NOTHING: readonly unknown[] = [];
/** Longer names are no models of ours, and cut short they are none either. */
const MAX_NAME = 201;
const MAX_ID = 2_048;
