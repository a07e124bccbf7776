import type { AppendOutcome, StreamWrite } from '../event-store.js';
import { DeadlinePassed, withDeadline } from '../../support/deadline.js';
import { NotSent } from './failures.js';

/**
 * One append of the same events at a time: the server lets a repeat wait for the append that is under way, for two seconds and then gives it
 * up, and a hundred such hold all the calls that a connection may have.
 */
export class OneAtATime {
  private readonly underWay = new Map<string, Promise<AppendOutcome>>();

  /** @param append is told how much of the deadline is left */
  async run(
    writes: readonly StreamWrite[],
    deadlineMs: number,
    append: (leftMs: number) => Promise<AppendOutcome>,
  ): Promise<AppendOutcome> {
    const until = performance.now() + deadlineMs;
    const id = writes[0]?.events[0]?.id ?? '';
    for (let before = this.underWay.get(id); before; before = this.underWay.get(id)) {
      const ended = await withDeadline(before, until - performance.now()).catch((error: unknown) => {
        if (error instanceof DeadlinePassed) return undefined;
        throw error;
      });
      if (!ended)
        return {
          outcome: 'unavailable',
          cause: new NotSent('the same events are being appended by another call'),
        };
    }
    const work = append(until - performance.now());
    this.underWay.set(id, work);
    try {
      return await work;
    } finally {
      if (this.underWay.get(id) === work) this.underWay.delete(id);
    }
  }
}
