import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { errorCodesPage } from '../../src/http/openapi/error-codes.js';
import { defaultHttpSettings } from '../../src/http/ports.js';
import { refusalTable } from '../../src/http/refusals.js';
import { apiEndpoints } from '../../src/http/routes/endpoints.js';
import { relayErrorCodes } from '../../src/relay/errors.js';

const page = errorCodesPage(apiEndpoints(defaultHttpSettings.topupLimits));
const lines = page.split('\n');

describe('the page of error codes', () => {
  it('is the one in docs', async () => {
    expect(await readFile('docs/error-codes.md', 'utf8')).toBe(page);
  });

  it('says status and both texts of every refusal that an endpoint can answer with', () => {
    expect(lines.find((line) => line.startsWith('| `payment_conflict` |'))).toBe(
      '| `payment_conflict` | 409 | 支付单号已被使用，且内容不一致 | The payment_id has been used with different contents | topUp |',
    );
    const used = new Set(
      apiEndpoints(defaultHttpSettings.topupLimits).flatMap(({ refusals }) => [...refusals]),
    );
    for (const code of used) {
      const [status, zh, en] = refusalTable[code];
      const told = lines.find((line) => line.startsWith(`| \`${code}\` | `));
      expect(told).toContain(`${status}`);
      expect(told).toContain(zh);
      expect(told).toContain(en);
    }
  });

  it('has every code of the relay, each once, with the statuses it comes with', () => {
    const relay = lines.slice(lines.indexOf('## The relay'));
    expect(relay).toContain('| `upstream_unavailable` | 502, 504 |');
    for (const [code, statuses] of relayErrorCodes())
      expect(relay.filter((line) => line === `| \`${code}\` | ${statuses.join(', ')} |`)).toHaveLength(1);
  });
});
