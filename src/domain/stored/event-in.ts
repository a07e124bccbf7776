import type { z } from 'zod';

/** The decoded events of a map name -> schema, as an aggregate declares them in its `events.ts`. */
export type EventIn<Events extends Readonly<Record<string, z.ZodType>>> = {
  [Type in keyof Events & string]: { readonly type: Type; readonly data: z.output<Events[Type]> };
}[keyof Events & string];

/** What an event of the map says, by its name. */
export type DataIn<
  Events extends Readonly<Record<string, z.ZodType>>,
  Type extends keyof Events & string,
> = z.output<Events[Type]>;
