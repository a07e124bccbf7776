import { z } from 'zod';
import type { ChannelOptions } from '../../../../domain/channel/settings.js';
import { text } from '../../../fields.js';

/** A member that is an object is changed member by member. */
type Change<Value> = Value extends readonly unknown[] | string | number | null
  ? Value
  : { readonly [Name in keyof Value]?: Value[Name] | undefined };
export type OptionsChange = {
  readonly [Name in keyof ChannelOptions]?: Change<ChannelOptions[Name]> | undefined;
};

type ChangeShape = {
  [Name in keyof ChannelOptions]: z.ZodOptional<z.ZodType<Change<ChannelOptions[Name]>>>;
};

/** What a request may say of each option. A member that is null counts as absent in this API, so that "" and 0 take a value away. */
export function changeOf(shape: Readonly<Record<string, z.ZodType>>): ChangeShape {
  const changes = Object.entries(shape).map(([name, option]) => [name, sayable(option).optional()]);
  return Object.fromEntries(changes) as ChangeShape;
}

function sayable(option: z.ZodType): z.ZodType {
  const description = option.meta()?.description;
  if (option instanceof z.ZodObject) return option.partial().meta({ description });
  if (option instanceof z.ZodString) return textOf(1, option).meta({ description });
  if (!(option instanceof z.ZodNullable)) return option;
  const { innerType } = option.def;
  const none = innerType instanceof z.ZodString ? '' : 0;
  const something =
    innerType instanceof z.ZodString ? textOf(0, innerType) : z.union([innerType as z.ZodInt, z.literal(0)]);
  return something
    .meta({ description: [description, `${JSON.stringify(none)} for none`].filter(Boolean).join('; ') })
    .transform((value) => (value === none ? null : value));
}

function textOf(min: 0 | 1, { maxLength }: z.ZodString) {
  if (maxLength === null) throw new Error('a text that is said is bounded');
  return text(min, maxLength);
}
