import { startEmbeddedPostgres } from '../../src/postgres/embedded.js';

// Starts a server on the directory in its argument, prints its URL and stays, to be killed.
const [dataDir = ''] = process.argv.slice(2);
const { url } = await startEmbeddedPostgres({ dataDir });
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);
