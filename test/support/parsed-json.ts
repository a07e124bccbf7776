/** What a text says that was parsed, of any shape: expectations say what is in it. */
export type ParsedJson = ReturnType<typeof JSON.parse>;
