import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { dateTime } from '../../format/dates.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { providersQuery } from '../../session/providers.ts';
import { useTexts } from '../../texts.ts';
import { browserName } from './browser-name.ts';
import { settingsTexts } from './settings.texts.ts';

const signInsQuery = queryOptions({
  queryKey: ['sign-ins'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/sign-ins', { signal }))).data.sign_ins,
});

/** `provider:github` */
const PROVIDER = 'provider:';

/** Who was here: what one did not do oneself stands out. */
export function SignInsCard() {
  const texts = useTexts(settingsTexts);
  const zone = useZone();
  const signIns = useQuery(signInsQuery);
  const providers = useQuery(providersQuery).data ?? [];
  const columns = texts.signInColumns.map((name) => ({ name }));
  const nameOf = (method: string) =>
    method
      .split('+')
      .map((part) => {
        const provider = part.startsWith(PROVIDER) ? part.slice(PROVIDER.length) : undefined;
        const label = providers.find(({ name }) => name === provider)?.label;
        return label ?? texts.methods[part] ?? provider ?? part;
      })
      .join(' + ');
  return (
    <Card title={texts.signIns} foot={texts.signInsFoot(zone)}>
      <Loaded query={signIns} skeleton={<SkeletonTable label={texts.signIns} columns={columns} rows={2} />}>
        {(shown) => (
          <Table label={texts.signIns} columns={columns}>
            {shown.map(({ at, method, address_block, agent }) => (
              <tr key={`${at} ${method} ${address_block} ${agent}`}>
                <th scope="row">
                  <time>{dateTime(at * 1000, zone)}</time>
                </th>
                <td>{nameOf(method)}</td>
                <td>{address_block}</td>
                <td title={agent}>{browserName(agent)}</td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Card>
  );
}
