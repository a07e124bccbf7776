// Loaded before the service: both of its clocks, as the file named by SCREENS_CLOCK says. A service whose clock of the day is set while the
// steady one runs on would write nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const file = process.env.SCREENS_CLOCK;
let offsetMs = 0;

function look() {
  try {
    const said = JSON.parse(readFileSync(file, 'utf8')).offsetMs;
    if (said === offsetMs) return;
    offsetMs = said;
    writeFileSync(`${file}.seen`, String(offsetMs));
  } catch {
    // It is being written.
  }
}
look();
setInterval(look, 20).unref();

const RealDate = Date;
const realNow = RealDate.now;
RealDate.now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now()] : args, newTarget),
});

const steady = performance.now.bind(performance);
performance.now = () => steady() + offsetMs;
