import { Child } from '../support/child.js';
import { pin } from '../support/processor.js';
import type { Subject } from './subjects/subject.js';

const [ELSEWHERE, MEASURED] = [0, 1];

export interface Stage {
  readonly load: Child;
  readonly upstream: Child;
  readonly subjects: readonly Subject[];
  close(): Promise<void>;
}

/**
 * Load, upstream and all servers on core 0, the measured processes on core 1.
 * @param starters each is given the upstream's port
 */
export async function setStage(starters: readonly ((port: number) => Promise<Subject>)[]): Promise<Stage> {
  const upstream = new Child(new URL('./upstream.ts', import.meta.url));
  const load = new Child(new URL('./load.ts', import.meta.url));
  const subjects: Subject[] = [];
  const close = async () => {
    for (const subject of subjects) await subject.stop();
    await load.stop();
    await upstream.stop();
  };
  try {
    const { port } = await upstream.ready<{ port: number }>();
    await load.ready();
    for (const start of starters) subjects.push(await start(port));
    // Only now: filling a ledger may have both.
    pin([process.pid], ELSEWHERE);
    for (const { helpers, pids } of subjects) {
      pin(helpers, ELSEWHERE);
      pin(pids, MEASURED);
    }
    return { load, upstream, subjects, close };
  } catch (error) {
    await close();
    throw error;
  }
}
