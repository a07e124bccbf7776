// Runs the commands it is told on stdin, a line of JSON each, and says on stdout and on stderr when one has ended.
import { createInterface } from 'node:readline';
import { runCommand } from '../../dist/cli/run-command.js';

// Each command listens for the end of its reader, and a process usually runs one.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

for await (const line of createInterface({ input: process.stdin })) {
  process.exitCode = undefined;
  await runCommand(['node', 'counterfoil', ...JSON.parse(line)]);
  const end = `\0${process.exitCode ?? 0}\0`;
  process.stdout.write(end);
  process.stderr.write(end);
}
process.exitCode = 0;
