import type pg from 'pg';
import { readCheckpoints } from './checkpoints.js';
import { Superseded } from './faults.js';
import type { GroupOptions } from './group-options.js';

/** How far the tables of a group are, by their own word. */
export class TablesPlace {
  /** A connection was made since they were last asked. */
  private exchanged = false;

  constructor(private readonly options: Pick<GroupOptions, 'pool' | 'projections' | 'group'>) {}

  /** Notes from now on that another database may stand where one was. Answers the way to end that. */
  watch(): () => void {
    const pool: pg.Pool = this.options.pool;
    const onConnect = (): void => void (this.exchanged = true);
    pool.on('connect', onConnect);
    return () => void pool.off('connect', onConnect);
  }

  /** @throws Superseded where they have no checkpoints any more */
  async read(): Promise<bigint> {
    const { group, pool, projections } = this.options;
    const names = projections.map(({ name }) => name);
    const checkpoints = await readCheckpoints(pool, names, 'live');
    const [first, ...others] = checkpoints.map(({ position }) => position);
    if (first === undefined || checkpoints.length < projections.length)
      throw new Superseded(`the checkpoints of ${group} are gone`);
    return others.reduce((least, position) => (position < least ? position : least), first);
  }

  /** `reached`, or where older tables are that stand there now: nothing new need come before they are followed. */
  async atMost(reached: bigint): Promise<bigint> {
    if (!this.exchanged) return reached;
    this.exchanged = false;
    const position = await this.read();
    return position < reached ? position : reached;
  }
}
