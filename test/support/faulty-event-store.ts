import {
  EventStoreUnavailable,
  type AppendOutcome,
  type EventStore,
  type StreamWrite,
} from '../../src/eventstore/event-store.js';

/** `lost` and `late`: the answer is unknown; the append never reaches the log, or does so only after the next call. */
export type AppendFault = 'none' | 'stored-unknown' | 'lost' | 'late' | 'unavailable';

/** An event store that fails as it is told to; without orders it works. */
export class FaultyEventStore implements EventStore {
  readonly atomicity: EventStore['atomicity'];
  readonly positions: EventStore['positions'];
  /** Orders for the next appends, first come first served. */
  readonly appendFaults: AppendFault[] = [];
  /** Nothing gets through, not even a health check. */
  down = false;
  /** The next so many reads fail. */
  failingReads = 0;
  readonly appends: (readonly StreamWrite[])[] = [];
  private late: (readonly StreamWrite[])[] = [];

  constructor(private readonly store: EventStore) {
    this.atomicity = store.atomicity;
    this.positions = store.positions;
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    if (this.down) return this.unavailable();
    this.appends.push(writes);
    const late = this.late;
    this.late = [];
    const outcome = await this.appendWith(this.appendFaults.shift() ?? 'none', writes);
    for (const delayed of late) await this.store.append(delayed);
    return outcome;
  }

  private async appendWith(fault: AppendFault, writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    switch (fault) {
      case 'none':
        return this.store.append(writes);
      case 'stored-unknown':
        await this.store.append(writes);
        break;
      case 'late':
        this.late.push(writes);
        break;
      case 'lost':
        break;
      case 'unavailable':
        return this.unavailable();
    }
    return { outcome: 'unknown', cause: new Error('the connection broke') };
  }

  private unavailable(): AppendOutcome {
    return { outcome: 'unavailable', cause: new EventStoreUnavailable('down by order') };
  }

  private assertReadable(): void {
    if (this.down || this.failingReads > 0) {
      this.failingReads = Math.max(0, this.failingReads - 1);
      throw new EventStoreUnavailable('down by order');
    }
  }

  async readStream(...args: Parameters<EventStore['readStream']>) {
    this.assertReadable();
    return this.store.readStream(...args);
  }

  async readAll(...args: Parameters<EventStore['readAll']>) {
    this.assertReadable();
    return this.store.readAll(...args);
  }

  async head() {
    this.assertReadable();
    return this.store.head();
  }

  async reaches(position: bigint) {
    this.assertReadable();
    return this.store.reaches(position);
  }

  subscribe(onAppend: () => void) {
    return this.store.subscribe(onAppend);
  }

  async checkHealth() {
    this.assertReadable();
    return this.store.checkHealth();
  }

  close() {
    return this.store.close();
  }
}
