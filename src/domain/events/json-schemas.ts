import { z } from 'zod';
import { catalogue, type EventType } from './catalogue.js';
import { type StoredName, storedNameOf } from './versions.js';

/** JSON Schema (2020-12) of each event as it is stored, by its stored name. */
export function eventJsonSchemas(): Readonly<Record<StoredName, object>> {
  const schemas = Object.entries(catalogue).map(([type, schema]) => {
    const title = storedNameOf(type as EventType);
    return [title, { title, ...z.toJSONSchema(schema, { io: 'input' }) }];
  });
  return Object.fromEntries(schemas) as Record<StoredName, object>;
}
