import { PROVIDER, type Cluster } from '../cluster/cluster.js';
import { CODES } from '../plan/purchases.js';

/** So that nobody is refused for having ordered too much. A bonus comes beside the larger half of orders. */
const TERMS = {
  currencies: {
    CNY: {
      ...{ rate: '7.10', presets: ['0.50'], min: '0.10', max: '1', fee: null },
      tiers: [{ from: '0.35', discount: '0', bonus: '0.1' }],
    },
  },
  ...{ preset_basis: 'pay', open_most: 100, hourly_most: 1_000, bank: null, disputes: 'suspend' },
};
const CODE_USD = 0.02;

/** Before there are faults: who takes money, what it buys, and codes that give some. Answers the codes. */
export async function openShop(cluster: Cluster, operatorToken: string): Promise<readonly string[]> {
  const ask = async (method: string, path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${cluster.url('api')}/api/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (JSON.parse(text) as { data: unknown }).data;
  };
  await ask('PUT', '/settings/payments', { value: TERMS });
  await ask('PUT', `/payment-providers/${PROVIDER}`, cluster.provider.configuration);
  await ask('POST', `/payment-providers/${PROVIDER}/enable`, {});
  const batch = { name: 'torture', codes: CODES, amount_usd: CODE_USD, reference: 'torture' };
  const made = await ask('POST', '/codes', { ...batch, ends_at: '2999-12-31', grant_days: 1 });
  const { codes } = made as { codes: readonly string[] | null };
  if (codes?.length !== CODES) throw new Error('no codes were made');
  return codes;
}
