// An upstream in a process of its own, so that it can be killed. It says where it listens, and each call that it began to answer.
import { RecordingUpstream } from './upstream.js';

const [name = 'upstream', port = '0'] = process.argv.slice(2);
const upstream = new RecordingUpstream(name, (id, asked) => process.stdout.write(`served ${id} ${asked}\n`));
upstream.pauseMs = () => 25;
process.stdout.write(`listening ${await upstream.start(Number(port))}\n`);
