import { z } from 'zod';

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

type Written = Record<string, unknown>;

/** Turns zod schemas into those of the document. One with an `id` in its metadata stands in the components once and is referred to. */
export class Schemas {
  /** By their ids, for the components. */
  readonly named: Record<string, unknown> = {};

  /** @throws Error where two schemas have one id */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // Inside of an object also the outermost schema is referred to by its id.
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      // Amounts and transforms describe themselves by their metadata.
      unrepresentable: 'any',
      override: ({ jsonSchema }) => wholeNumbers(jsonSchema),
    });
    for (const [name, definition] of Object.entries($defs)) this.name(name, definition);
    return inComponents(properties?.['it']) as JsonSchema;
  }

  private name(name: string, definition: Written): void {
    const rest = inComponents(definition) as Written;
    delete rest['id'];
    const known = this.named[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(rest))
      throw new Error(`two schemas are called ${name}`);
    this.named[name] = rest;
  }
}

/** Numbers of which only whole ones are allowed are integers, and what every integer of JSON keeps is not said of each. */
function wholeNumbers(schema: Written): void {
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (schema['type'] === 'number' && Array.isArray(values) && values.every(Number.isSafeInteger))
    schema['type'] = 'integer';
  if (schema['type'] !== 'integer') return;
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  // Of the text that a number is in an address.
  delete schema['pattern'];
}

function inComponents(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
