import { z } from 'zod';
import { catalogue, type EventType } from './catalogue.js';

/** JSON Schema (2020-12) of each event as it is stored, by its stored name. */
export function eventJsonSchemas(): Readonly<Record<EventType, object>> {
  const schemas = Object.entries(catalogue).map(([type, schema]) => [
    type,
    { title: type, ...z.toJSONSchema(schema, { io: 'input' }) },
  ]);
  return Object.fromEntries(schemas) as Record<EventType, object>;
}
