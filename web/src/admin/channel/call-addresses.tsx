import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { useTexts } from '../../texts.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { presetTexts } from './preset.texts.ts';

const addressesQuery = ({ type, baseUrl, spoken }: ChannelDraft) => {
  const base_url = baseUrl.trim();
  return queryOptions({
    queryKey: ['channel-addresses', type, base_url, spoken?.endpoints],
    queryFn: async ({ signal }) => {
      const body = { type, base_url, ...(spoken && { endpoints: spoken.endpoints }) };
      return (await answer(api.POST('/api/admin/channels/try/addresses', { signal, body }))).data;
    },
    placeholderData: keepPreviousData,
    enabled: URL.canParse(base_url),
    // What is typed is refused often, until it is an address.
    retry: false,
  });
};

/** Where calls would be sent, in full: by the rules of the relay, before anything is saved. */
export function CallAddresses({ draft }: { readonly draft: ChannelDraft }) {
  const texts = useTexts(presetTexts);
  const { data, isError } = useQuery(addressesQuery(draft));
  if (!data || isError) return null;
  const { call_address, endpoint_addresses } = data;
  const named = Object.entries(endpoint_addresses);
  return (
    <div className="stack-tight">
      <p className="hint">{texts.callsGoTo}</p>
      <dl className="facts">
        {(named.length > 0 ? named : [[draft.type, call_address]]).map(([protocol, address]) => (
          <div key={protocol}>
            <dt>{protocol}</dt>
            <dd>
              <code>{address}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
