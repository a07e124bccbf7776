/** What clients are shown of a model, beside its name. */
export interface ModelDetails {
  /** Kinds of calls that reach it, by the names that New API gave them. */
  readonly endpointTypes: readonly string[];
  /** Tokens; undefined where nobody knows. */
  readonly contextWindow: number | undefined;
  readonly maxOutputTokens: number;
  /** US dollars a token as decimal texts, as the caller is charged; undefined where a call has one price whatever it uses. */
  readonly usdPerToken:
    | { readonly prompt: string; readonly completion: string; readonly cached: string }
    | undefined;
  /** The other way round. */
  readonly usdPerCall: string | undefined;
}
