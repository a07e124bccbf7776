type Name = string | number;

/** A member within members of what somebody else sent; undefined where any of them is not there. */
export const at = (value: unknown, ...way: readonly Name[]): unknown =>
  way.reduce<unknown>(
    (within, name) =>
      typeof within === 'object' && within !== null
        ? (within as Readonly<Record<Name, unknown>>)[name]
        : undefined,
    value,
  );

export const textAt = (value: unknown, ...way: readonly Name[]): string => {
  const found = at(value, ...way);
  return typeof found === 'string' ? found : '';
};
