import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spreadOf } from './statistics.js';

/** What a machine takes for what every server does: figures of two machines can be told apart by these. */
export interface MachineConstants {
  /** Microseconds of processor time. */
  readonly systemCallMicros: number;
  readonly pageFaultMicros: number;
  /** By the clock. */
  readonly fdatasyncMs: number;
}

export function machineConstants(): MachineConstants {
  return {
    systemCallMicros: systemCall(),
    pageFaultMicros: pageFault(),
    fdatasyncMs: fdatasync(),
  };
}

const COPIES = 500_000;

/** `dd` reads and writes one byte at a time, between devices that do nothing, and does little else. */
function systemCall(): number {
  // The shell's own clock of its children, in the second line of `times`.
  const script = `dd if=/dev/zero of=/dev/null bs=1 count=${COPIES} 2>/dev/null; times`;
  const [, children = ''] = execFileSync('bash', ['-c', script]).toString().split('\n');
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return (seconds.reduce((sum, part) => sum + part, 0) * 1e6) / (2 * COPIES);
}

/** Memory that nobody has touched yet is given page by page. */
function pageFault(): number {
  const fresh = new Uint8Array(256 * 1024 * 1024);
  const before = process.resourceUsage();
  for (let at = 0; at < fresh.length; at += 4_096) fresh[at] = 1;
  const after = process.resourceUsage();
  const micros = after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime;
  return micros / Math.max(1, after.minorPageFault - before.minorPageFault);
}

/** Of a file that grows by 8 KB each time. */
function fdatasync(): number {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-machine-'));
  const file = openSync(join(folder, 'file'), 'w');
  const block = Buffer.alloc(8_192, 1);
  const times = Array.from({ length: 200 }, () => {
    writeSync(file, block);
    const fromMs = performance.now();
    fdatasyncSync(file);
    return performance.now() - fromMs;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return spreadOf(times).median;
}
