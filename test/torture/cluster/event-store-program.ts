import { createInterface } from 'node:readline';
import { startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../../support/eventstoredb-stand-in/log.js';
import { appendTo, readEventFile, rewriteEventFile } from './event-store-file.js';

// The event store as a process of its own: `<port> <file>`. What it has acknowledged is in the file, also after a kill -9.
// A line `poison <type>` on its standard input stores an event that no version can read, and answers its position.

const [, , port = '0', file = ''] = process.argv;
const kept = readEventFile(file);
rewriteEventFile(file, kept);
const log = new StandInLog(appendTo(file), kept);
await startEventStoreStandIn({ port: Number(port), log });
process.stdout.write('ready\n');

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const type = line.replace(/^poison /, '');
    const decision = log.append(`setting-${crypto.randomUUID()}`, 'no-stream', [
      {
        id: crypto.randomUUID(),
        type,
        contentType: 'application/json',
        data: Buffer.from('{"poison":true}'),
        metadata: Buffer.from('{}'),
      },
    ]);
    process.stdout.write(`${decision.decision === 'stored' ? decision.position : '?'}\n`);
  })
  .on('close', () => process.exit(0));
