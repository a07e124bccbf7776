import { z } from 'zod';

type Schema = z.core.$ZodType;
type WithDefault<Inner extends Schema> = z.ZodDefault<Inner> | z.ZodPrefault<Inner>;

/** The schema of what is whole: members of objects that had a default must be there. */
type WithoutDefaults<Given> =
  Given extends WithDefault<infer Inner extends Schema>
    ? WithoutDefaults<Inner>
    : Given extends z.ZodObject<infer Shape>
      ? z.ZodObject<{ -readonly [Name in keyof Shape]: Extract<WithoutDefaults<Shape[Name]>, Schema> }>
      : Given;

/** What is stored says everything: the same schema, and nothing is filled in. Descriptions stay. */
export function withoutDefaults<Given extends Schema>(schema: Given): WithoutDefaults<Given> {
  return whole(schema) as WithoutDefaults<Given>;
}

function whole(schema: Schema): Schema {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return whole(schema.def.innerType);
  if (!(schema instanceof z.ZodObject)) return schema;
  const shape = Object.entries<Schema>(schema.shape).map(([name, each]) => [name, whole(each)]);
  const object = z.object(Object.fromEntries(shape) as z.core.$ZodShape);
  const meta = schema.meta();
  return meta ? object.meta(meta) : object;
}

type Defaulted<Shape> = {
  [Name in keyof Shape as Shape[Name] extends WithDefault<Schema> ? Name : never]: z.output<Shape[Name]>;
};

/** The members of an object that have a default, as they are where nobody says. */
export function defaultsOf<Shape extends z.core.$ZodShape>({ shape }: z.ZodObject<Shape>): Defaulted<Shape> {
  const defaulted = Object.entries(shape).filter(
    ([, each]) => each instanceof z.ZodDefault || each instanceof z.ZodPrefault,
  );
  return Object.fromEntries(
    defaulted.map(([name, each]) => [name, z.parse(each, undefined)]),
  ) as Defaulted<Shape>;
}
