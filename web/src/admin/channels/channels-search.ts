const channelStates = ['in_use', 'cooling', 'on_trial', 'out_of_use'] as const;
export type ChannelState = (typeof channelStates)[number];

/** What of the list is looked at, as the page's address says it. */
export interface ChannelsSearch {
  readonly q?: string | undefined;
  readonly state?: ChannelState | undefined;
  /** A kind of upstream. */
  readonly dialect?: string | undefined;
}

export const readChannelsSearch = ({ q, state, dialect }: Record<string, unknown>): ChannelsSearch => {
  const known = channelStates.find((each) => each === state);
  return {
    ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
    ...(known && { state: known }),
    ...(typeof dialect === 'string' && dialect !== '' && { dialect }),
  };
};
