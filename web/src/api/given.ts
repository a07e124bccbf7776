type Given<Values> = { [Name in keyof Values]: Exclude<Values[Name], undefined> };

/** Only what has a value: a query names nothing that it does not ask for. */
export const given = <Values extends object>(values: Values): Given<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values>;
