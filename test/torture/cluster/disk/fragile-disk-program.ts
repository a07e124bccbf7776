import { read, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Random } from '../../random.js';
import { FragileDisk } from './fragile-disk.js';
import { answer, MAX_WRITE, readRequest } from './wire.js';

// A file system in a process: `<folder that has the files>`, with /dev/fuse as file 3. A line `cut <seed>` takes the power away: nothing is
// answered but errors from then on, and what nobody had synced is lost in part. It says on its standard output what was lost.

const DEVICE = 3;
const EIO = 5;
const disk = new FragileDisk(process.argv[2] ?? '');
let isOn = true;

createInterface({ input: process.stdin })
  .on('line', (line) => {
    isOn = false;
    const { lost, torn } = disk.cut(new Random(line));
    process.stdout.write(`${lost} ${torn}\n`);
  })
  .on('close', () => process.exit(0));

const buffer = Buffer.alloc(MAX_WRITE + 8_192);
serve();

/** One request after another: in their order, as one disk has them. */
function serve(): void {
  read(DEVICE, buffer, 0, buffer.length, null, (error, length) => {
    if (error?.code === 'ENODEV') process.exit(0);
    if (!error && length > 0) {
      const request = readRequest(buffer.subarray(0, length));
      const reply = isOn ? disk.handle(request) : answer(request.unique, EIO);
      if (reply) send(reply);
    }
    serve();
  });
}

function send(reply: Buffer): void {
  try {
    writeSync(DEVICE, reply);
  } catch {
    // Whoever asked was interrupted or is gone.
  }
}
process.stdout.write('ready\n');
