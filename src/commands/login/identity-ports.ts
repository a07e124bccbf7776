/** Our secrets at the services at which people sign in, each for what it was given for alone. */
export interface ProviderSecrets {
  add(id: string, given: { readonly binding: string; readonly secret: string }, now: Date): Promise<void>;
  /** Undefined where there is none of that id, or it was given for something else. */
  find(id: string, binding: string): Promise<string | undefined>;
  /** Deletes the others, but for those of the last hour: somebody may be about to name them. */
  keepOnly(ids: readonly string[], now: Date): Promise<void>;
}
