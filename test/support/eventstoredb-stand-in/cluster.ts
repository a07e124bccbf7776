import { type EventStoreStandIn, startEventStoreStandIn } from './index.js';
import { StandInLog } from './log.js';
import type { Member } from './gossip.js';

/** Several nodes of one log, one of which leads. */
export interface StandInCluster {
  /** Names all of them. */
  readonly connectionString: string;
  readonly nodes: readonly EventStoreStandIn[];
  readonly leader: EventStoreStandIn;
  /**
   * The leader is gone and the next node leads.
   *
   * - `killed`: it is away.
   * - `frozen`: it takes connections and says nothing on any of them.
   * - `deposed`: it does not know it, goes on answering reads with what it knew, and stores nothing.
   */
  lose(how: 'killed' | 'frozen' | 'deposed'): Promise<void>;
  close(): Promise<void>;
}

const NODES = [0, 1, 2] as const;

/** Three nodes. What one has acknowledged all of them have: a real leader waits for the majority. */
export async function startStandInCluster(): Promise<StandInCluster> {
  const log = new StandInLog();
  const gone = new Set<number>();
  let leader = 0;
  const nodes: EventStoreStandIn[] = [];
  const members = (): readonly Member[] =>
    nodes.map(({ port }, node) => ({ port, leads: node === leader, alive: !gone.has(node) }));
  for (const node of NODES) {
    nodes.push(await startEventStoreStandIn({ log, members }));
    if (node !== leader) nodes[node]?.fault('follower');
  }
  const at = (node: number): EventStoreStandIn => {
    const found = nodes[node];
    if (!found) throw new Error('no node is left');
    return found;
  };
  return {
    connectionString: `esdb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`,
    nodes,
    get leader() {
      return at(leader);
    },
    lose: async (how) => {
      const former = at(leader);
      gone.add(leader);
      leader += 1;
      if (how === 'killed') await former.stop();
      else former.fault(how === 'frozen' ? 'stopped' : 'old-leader');
      at(leader).fault('none');
    },
    close: async () => {
      for (const node of nodes) await node.close();
    },
  };
}
