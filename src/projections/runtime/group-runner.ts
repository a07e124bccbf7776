import { setTimeout as wait } from 'node:timers/promises';
import { assertApplied } from '../../eventstore/applied-event.js';
import { pauseMs } from '../../support/backoff.js';
import { applyBatch, type BatchWithRejects } from './apply-batch.js';
import { applyResolutely } from './apply-resolutely.js';
import { BatchSize } from './batch-size.js';
import { Bell } from './bell.js';
import { readCheckpoints } from './checkpoints.js';
import { gather } from './gather.js';
import type { GroupOptions } from './group-options.js';
import { isFinal, OutOfOrder, PoisonEvent } from './faults.js';
import { installProjections } from './install.js';
import { Lag } from './lag.js';
import { isGone } from './poison-watch.js';
import { onPoison, type Projection } from './projection.js';
import { ahead, type DecodedPage } from './read-decoded.js';
import { rebuildAll } from './rebuild.js';
import type { GroupStatus } from './status.js';
import { TablesPlace } from './tables-place.js';

const AFTER_FAULT = { baseDelayMs: 100, maxDelayMs: 5_000 };

/** Pulls the log in batches into projections that advance in one transaction a batch. */
export class GroupRunner {
  private readonly bell = new Bell();
  /** Rings for those who wait for what is in the log and not in the tables. */
  private readonly awaited = new Bell();
  private readonly size: BatchSize;
  private readonly lag: Lag;
  private readonly tables: TablesPlace;
  private reached = -1n;
  private ahead: { readonly after: bigint; readonly page: Promise<DecodedPage> } | undefined;
  private state: GroupStatus['state'] = 'preparing';
  private stopError: Error | undefined;
  private lastFault: Error | undefined;
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: GroupOptions) {
    this.size = new BatchSize(options.maxBatchEvents);
    this.lag = new Lag(options.store, options.now);
    this.tables = new TablesPlace(options);
  }

  /**
   * Installs and checks the tables, rebuilds those of another version, then runs until `stop`. Resolves when it runs.
   * @throws WrongLog and whatever keeps it from starting
   */
  async start(): Promise<void> {
    const { pool, store, projections } = this.options;
    const outdated = await installProjections(pool, projections);
    const checkpoints = await readCheckpoints(pool, this.names(), 'live');
    await assertApplied(
      store,
      checkpoints.map(({ lastEvent }) => lastEvent),
    );
    if (outdated.length > 0) await this.rebuild(outdated);
    await this.readPosition();
    await this.options.beforeFirst?.(this.reached);
    this.state = 'running';
    const unsubscribe = store.subscribe(() => this.bell.ring());
    const unwatch = this.tables.watch();
    this.running = this.run().finally(() => {
      unsubscribe();
      unwatch();
    });
  }

  /** Looks at the log at once. */
  ring(): void {
    this.bell.ring();
  }

  /** Somebody waits for an event that is in the log: no others are waited for. */
  hurry(): void {
    this.awaited.ring();
    this.bell.ring();
  }

  get position(): bigint {
    return this.reached;
  }

  /** Lets the batch under way end. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.hurry();
    await this.running;
  }

  async status(): Promise<GroupStatus> {
    return {
      group: this.options.group,
      state: this.state,
      position: this.reached,
      ...(await this.lag.measure(this.reached)),
      ...(this.stopError ? { stoppedBecause: this.stopError.message } : {}),
      ...(this.stopError instanceof PoisonEvent ? { poison: this.stopError.poison } : {}),
      ...(this.lastFault ? { lastFault: this.lastFault.message } : {}),
    };
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.ending.signal.aborted) {
      try {
        const startedMs = performance.now();
        // What was waited for until now is in the log, and what is read from here on has it.
        this.awaited.silence();
        const found = await this.step();
        this.lastFault = undefined;
        failures = 0;
        if (found === 'nothing') await this.bell.wait(this.options.pollIntervalMs ?? 1_000);
        else if (found === 'all') await this.letGather(performance.now() - startedMs);
      } catch (error) {
        if (isFinal(error)) {
          this.stopFor(error);
          if (!(error instanceof PoisonEvent) || !(await this.isGone(error))) return;
          this.goOn();
          continue;
        }
        this.lastFault = error instanceof Error ? error : new Error(String(error));
        this.options.observer?.faulted?.(this.options.group, this.lastFault);
        await this.bell.wait(pauseMs(AFTER_FAULT, failures++));
      }
    }
    this.state = 'stopped';
  }

  private async letGather(tookMs: number): Promise<void> {
    const { group, gatherMs } = this.options;
    const { leastMs, calmMs } = gather(group, tookMs, gatherMs);
    await wait(leastMs);
    if (!this.ending.signal.aborted && calmMs > 0) await this.awaited.wait(calmMs);
  }

  /** One page of the log: there was nothing new, all that was new, or more than a page holds. */
  private async step(): Promise<'nothing' | 'all' | 'more'> {
    const { group } = this.options;
    const after = (this.reached = await this.tables.atMost(this.reached));
    const { batch, poison, full } = await this.read(after);
    if (batch.position === after && !poison) {
      await this.options.afterCommit?.({ after, position: after, events: [] });
      return 'nothing';
    }
    const startedMs = performance.now();
    if (full && !poison) this.ahead = { after: batch.position, page: this.readFrom(batch.position) };
    try {
      await applyResolutely(batch, (part) => this.apply(part), onPoison[group]);
    } catch (error) {
      // Another projector was restored to an earlier place, or ours was: go on from where the tables are.
      if (error instanceof OutOfOrder) await this.readPosition();
      throw error;
    }
    this.size.measured(full, performance.now() - startedMs);
    if (poison) throw new PoisonEvent(poison);
    return full ? 'more' : 'all';
  }

  /** The page that was read while the one before it was applied, or one that is read now. */
  private read(after: bigint): Promise<DecodedPage> {
    const read = this.ahead;
    this.ahead = undefined;
    return read?.after === after ? read.page : this.readFrom(after);
  }

  private readFrom(after: bigint): Promise<DecodedPage> {
    const { store, group } = this.options;
    return ahead(store, { after, limit: this.size.limit, onUnreadable: onPoison[group] });
  }

  private async apply(batch: BatchWithRejects): Promise<void> {
    const { pool, projections, group, observer, afterCommit } = this.options;
    const startedMs = performance.now();
    await applyBatch(pool, projections, batch);
    this.reached = batch.position;
    for (const reject of batch.rejects ?? []) observer?.quarantined?.(group, reject);
    observer?.batchApplied?.({
      group,
      events: batch.events.length,
      position: batch.position,
      durationMs: performance.now() - startedMs,
    });
    await afterCommit?.(batch);
  }

  private async rebuild(projections: readonly Projection[]): Promise<void> {
    const { pool, store, observer } = this.options;
    await rebuildAll(projections, {
      pool,
      store,
      onProgress: (progress) => observer?.rebuilding?.(progress),
    });
  }

  private async readPosition(): Promise<void> {
    this.reached = await this.tables.read();
  }

  private isGone({ poison }: PoisonEvent): Promise<boolean> {
    return isGone(this.options.store, { poison, after: this.reached }, this.ending.signal);
  }

  private goOn(): void {
    this.stopError = undefined;
    this.state = 'running';
    this.ahead = undefined;
  }

  private stopFor(error: Error): void {
    this.stopError = error;
    this.state = 'stopped';
    this.options.observer?.stopped?.(this.options.group, error);
  }

  private names(): readonly string[] {
    return this.options.projections.map(({ name }) => name);
  }
}
