// `npm run model:hold-leases`: larger worlds than the test has, until the processor gives up.
import { parseArgs } from 'node:util';
import { explore } from './explore.js';
import type { Bounds } from './world.js';

const { values } = parseArgs({
  options: {
    balance: { type: 'string', default: '2' },
    calls: { type: 'string', default: '3' },
    'lease-size': { type: 'string', default: '2' },
    'top-ups': { type: 'string', default: '0' },
    revocations: { type: 'string', default: '1' },
    crashes: { type: 'string', default: '1' },
    losses: { type: 'string', default: '0' },
  },
});
const bounds: Bounds = {
  balance: Number(values.balance),
  calls: Number(values.calls),
  leaseSize: Number(values['lease-size']),
  topUps: Number(values['top-ups']),
  revocations: Number(values.revocations),
  crashes: Number(values.crashes),
  losses: Number(values.losses),
};
const before = process.cpuUsage();
const { states, moves, depth, found } = explore(bounds);
const { user, system } = process.cpuUsage(before);
console.log(
  `${states} states, ${moves} moves, ${depth} deep, ${((user + system) / 1e6).toFixed(1)} s of processor`,
);
if (found) console.log(`${found.wrong}:\n${found.way.map((step) => `  ${step}`).join('\n')}`);
process.exitCode = found ? 1 : 0;
