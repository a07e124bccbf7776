import { startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../../support/eventstoredb-stand-in/log.js';
import { appendTo, readEventFile, rewriteEventFile } from './event-store-file.js';

// The event store as a process of its own: `<port> <file>`. What it has acknowledged is in the file, also after a kill -9. It ends with
// its standard input.

const [, , port = '0', file = ''] = process.argv;
const kept = readEventFile(file);
rewriteEventFile(file, kept);
await startEventStoreStandIn({ port: Number(port), log: new StandInLog(appendTo(file), kept) });
process.stdin.resume().on('close', () => process.exit(0));
