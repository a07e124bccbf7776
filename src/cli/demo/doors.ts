import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { operatorCommandsOn } from '../../compose/administration.js';
import type { Service } from '../../compose/service.js';
import type { Terminal } from '../output.js';
import type { DemoClient } from './client.js';

const OPERATOR = 'demo';
const LINK_MINUTES = 5;

const handedOver = z.object({ data: z.object({ url: z.string() }) });

/** Where a person goes on with the story: its user's Portal, signed in already, and Admin with an operator of its own. */
export async function showDoors(
  { url, ledger }: Service,
  client: DemoClient,
  user: string,
  terminal: Terminal,
): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  const operators = operatorCommandsOn({ pool: ledger.database.pool, store: ledger.store });
  const meta = { actor: 'cli', requestId: 'demo' };
  const created = await operators.create({ name: OPERATOR, role: 'admin', password }, meta);
  if (!created.ok) throw new Error(`the demo's operator was refused: ${created.refusal.code}`);
  const answer = await client.frontEnd('POST', '/session', {
    external_user_id: user,
    ttl_seconds: LINK_MINUTES * 60,
  });
  const link = handedOver.parse(JSON.parse(answer.body)).data.url;
  terminal.out(`\nLook around while it runs (in a terminal, or with --stay, until Ctrl+C):\n`);
  const doors = [
    ['Portal', `${url}/portal`],
    ['signed in', `${link}  (as ${user}; once, within ${LINK_MINUTES} minutes)`],
    ['Admin', `${url}/admin  (name ${OPERATOR}, password ${password})`],
    ['mails', `${url}/portal/outbox  (what a mail server would send)`],
    ['API', `${url}/docs`],
  ] as const;
  for (const [name, where] of doors) terminal.out(`    ${name.padEnd(10)}${where}`);
}
