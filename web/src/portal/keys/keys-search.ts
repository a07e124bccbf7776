export const keyStates = ['enabled', 'disabled', 'expired', 'exhausted'] as const;
export type KeyState = (typeof keyStates)[number];

/** Which keys are looked at, and whether one is being made, as the page's address says it. */
export interface KeysSearch {
  readonly q?: string | undefined;
  readonly state?: KeyState | undefined;
  readonly model?: string | undefined;
  readonly create?: true | undefined;
}

// Digits alone come from the address as a number.
export const readKeysSearch = ({ q, state, model, create }: Record<string, unknown>): KeysSearch => ({
  ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
  ...(keyStates.includes(state as KeyState) && { state: state as KeyState }),
  ...(typeof model === 'string' && model !== '' && { model }),
  ...(create === true && { create }),
});
