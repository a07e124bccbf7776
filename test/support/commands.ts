import { CommandProcess } from './command-process.js';
import { counterfoil, type Ended } from './counterfoil.js';

/**
 * The commands of a suite, as an operator's script would run them one after the other. The first of each kind is a process of its own,
 * which has to end by itself; those after it share one for each environment, because two thirds of what a command takes are its start.
 */
export class Commands {
  private readonly seenToEnd = new Set<string>();
  private readonly processes = new Map<string, CommandProcess>();

  /** As `counterfoil` does; those that share a process wait for each other. */
  readonly run = (
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Ended> => {
    const kind = kindOf(args);
    if (this.seenToEnd.has(kind)) return this.processFor(environment).run(args);
    this.seenToEnd.add(kind);
    return counterfoil(args, environment);
  };

  async close(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.close()));
  }

  private processFor(environment: Readonly<Record<string, string>>): CommandProcess {
    const key = JSON.stringify(environment);
    const process = this.processes.get(key) ?? new CommandProcess(environment);
    this.processes.set(key, process);
    return process;
  }
}

/** A group's commands are told from each other by the second word; a path or an address is none. */
const kindOf = ([first = '', second = '']: readonly string[]): string =>
  /^[a-z][a-z-]*$/.test(second) ? `${first} ${second}` : first;
