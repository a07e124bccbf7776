// Loaded before the service: a clock that can be set and a disk that refuses to sync, as the file named by TORTURE_CONTROL says.
// The service itself knows nothing of it; time that only measures (performance.now) runs on.
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setInterval } from 'node:timers';

const file = process.env.TORTURE_CONTROL;
const control = { clockOffsetMs: 0, syncFails: false };

function look() {
  try {
    Object.assign(control, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // It is being written.
  }
}
look();
setInterval(look, 50).unref();

const RealDate = Date;
const realNow = RealDate.now;
RealDate.now = () => realNow() + control.clockOffsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now()] : args, newTarget),
});

const handle = await open(process.execPath, 'r');
const files = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['sync', 'datasync']) {
  const real = files[name];
  files[name] = function () {
    if (!control.syncFails) return real.call(this);
    return Promise.reject(Object.assign(new Error(`EIO: i/o error, ${name}`), { code: 'EIO' }));
  };
}
