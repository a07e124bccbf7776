import { objectAt } from '../json/read.js';
import type { Asks } from './asks.js';

/** A model named by a member, of whatever type that turns out to be. */
export function nameModel(value: unknown, asks: Asks): void {
  if (typeof value === 'string') asks.models.push(value.slice(0, MAX_NAME));
}

/** Models in a list of names, or of objects that have one as `model`. */
export function nameModels(value: unknown, asks: Asks): void {
  for (const element of Array.isArray(value) ? value : [value])
    nameModel(objectAt(element)?.['model'] ?? element, asks);
}

/** An id of something that an earlier call left at upstream. */
export function refer(member: string, id: unknown, asks: Asks): void {
  if (typeof id === 'string' && id !== '') asks.references.push({ member, id: id.slice(0, MAX_ID) });
}

/** Longer names are no models of ours, and cut short they are none either. */
const MAX_NAME = 201;
const MAX_ID = 2_048;
