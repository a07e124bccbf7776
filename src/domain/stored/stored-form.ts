import { z } from 'zod';
import { instantField, quotaField, uuidField } from './fields.js';

type Schema = z.core.$ZodType;

// Each pattern takes a part of what the field's schema takes: printable ASCII without escapes, whole numbers of at most 15 digits,
// the dates that every year has, version and variant of a UUID.
const UUID = '"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"';
const DAY =
  '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const INSTANT = `"[0-9]{4}-${DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{3})?Z"`;
const QUOTA = '"-?[0-9]{1,16}"';

/** Fields whose schema says what they are by an expression or a function, out of which no pattern can be made. */
const known: ReadonlyMap<Schema, string> = new Map<Schema, string>([
  [uuidField, UUID],
  [instantField, INSTANT],
  [quotaField, QUOTA],
]);

export interface FormOptions {
  /** The members that are captured, in stored order; a member of an inner object as `usage.prompt_tokens`. */
  readonly answered: readonly string[];
  /** Patterns of further fields: the very schema -> what its JSON text is. */
  readonly patterns: ReadonlyMap<Schema, string>;
}

/**
 * An expression for the JSON text of a stored object: members in the schema's order, as `encodeEvent` writes them, and nothing between
 * them. It takes only what the schema takes, though not all of it.
 *
 * @throws Error at a member of a kind that has no pattern, so that a new field is noticed when the program starts, and not by its being slow
 */
export function storedForm(schema: z.ZodObject, { answered, patterns }: FormOptions): RegExp {
  const form = new Form(answered, new Map([...known, ...patterns]));
  const pattern = form.object(schema, '');
  if (form.captured.join() !== answered.join())
    throw new Error(`answered is ${answered.join()}, and stored in order ${form.captured.join()}`);
  return new RegExp(`^${pattern}$`);
}

class Form {
  readonly captured: string[] = [];

  constructor(
    private readonly answered: readonly string[],
    private readonly patterns: ReadonlyMap<Schema, string>,
  ) {}

  /** @param path of the object itself: empty, or ending in a point */
  object({ shape }: z.ZodObject, path: string): string {
    const members = Object.entries<Schema>(shape).map(([name, schema], index) => {
      const optional = schema instanceof z.ZodOptional;
      const inner = optional ? schema.def.innerType : schema;
      if (optional && index === 0) throw unknown(path + name, 'the first member, may be absent');
      const text = `${index === 0 ? '' : ','}"${name}":${this.member(inner, path + name, optional)}`;
      return optional ? `(?:${text})?` : text;
    });
    return `\\{${members.join('')}\\}`;
  }

  private member(schema: Schema, name: string, optional: boolean): string {
    if (!this.answered.includes(name)) return this.value(schema, name);
    if (optional || schema instanceof z.ZodNullable) throw unknown(name, 'answered, may be absent');
    this.captured.push(name);
    const pattern = this.value(schema, name);
    // What stands between the quotes, or the number.
    return pattern.startsWith('"') ? `"(${pattern.slice(1, -1)})"` : `(${pattern})`;
  }

  private value(schema: Schema, name: string): string {
    const pattern = this.patterns.get(schema);
    if (pattern !== undefined) return pattern;
    if (schema instanceof z.ZodString) return plainText(schema, name);
    if (schema instanceof z.ZodNumberFormat) return wholeNumber(schema, name);
    if (checksOf(schema).length > 0) throw unknown(name, 'a kind with checks');
    if (schema instanceof z.ZodBoolean) return '(?:true|false)';
    if (schema instanceof z.ZodEnum) return oneOf(schema.options, name);
    if (schema instanceof z.ZodNullable) return `(?:${this.value(schema.def.innerType, name)}|null)`;
    if (schema instanceof z.ZodObject) return this.object(schema, `${name}.`);
    if (schema instanceof z.ZodArray) {
      const element = this.value(schema.element, `${name}.element`);
      return `\\[(?:${element}(?:,${element})*)?\\]`;
    }
    // What is stored is the side it is read from; reading must take all of that.
    if (schema instanceof z.ZodCodec) return this.value(schema.def.in, name);
    throw unknown(name, schema._zod.def.type);
  }
}

function plainText(schema: z.ZodString, name: string): string {
  const bounds: { least: number; most: number | '' } = { least: 0, most: '' };
  for (const check of checksOf(schema)) {
    if (isCheck(check, 'min_length')) bounds.least = check.minimum;
    else if (isCheck(check, 'max_length')) bounds.most = check.maximum;
    else throw unknown(name, `text with ${check.check}`);
  }
  return `"[ !#-[\\]-~]{${bounds.least},${bounds.most}}"`;
}

/** As many digits as any number of which is within the bounds. */
function wholeNumber(schema: z.ZodNumberFormat, name: string): string {
  let least = Number.MIN_SAFE_INTEGER;
  let most = Number.MAX_SAFE_INTEGER;
  for (const check of checksOf(schema)) {
    if (isCheck(check, 'greater_than') && check.inclusive) least = Number(check.value);
    else if (isCheck(check, 'less_than') && check.inclusive) most = Number(check.value);
    else throw unknown(name, `a number with ${check.check}`);
  }
  if (
    (schema.def as z.core.$ZodNumberFormatDef).format !== 'safeint' ||
    (least !== 0 && least !== 1) ||
    most < 9
  )
    throw unknown(name, 'a number that does not count from 0 or 1');
  const positive = `[1-9][0-9]{0,${String(most + 1).length - 2}}`;
  return least === 1 ? positive : `(?:0|${positive})`;
}

function oneOf(words: readonly (string | number)[], name: string): string {
  const odd = words.find((word) => typeof word !== 'string' || !/^[\w-]+$/.test(word));
  if (odd !== undefined) throw unknown(name, `the word ${odd}`);
  return `"(?:${words.join('|')})"`;
}

type Check = z.core.$ZodCheckDef;

const checksOf = (schema: Schema): readonly Check[] =>
  (schema._zod.def.checks ?? []).map((check) => check._zod.def);

interface Checks {
  min_length: z.core.$ZodCheckMinLengthDef;
  max_length: z.core.$ZodCheckMaxLengthDef;
  greater_than: z.core.$ZodCheckGreaterThanDef;
  less_than: z.core.$ZodCheckLessThanDef;
}
const isCheck = <Name extends keyof Checks>(check: Check, name: Name): check is Checks[Name] =>
  check.check === name;

const unknown = (name: string, kind: string): Error =>
  new Error(`${name} has no pattern for the fast reading of what is stored: ${kind}`);
