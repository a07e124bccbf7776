import { setTimeout as wait } from 'node:timers/promises';
import { inject, type FaultWorld } from '../faults/inject.js';
import { NotHere } from '../faults/not-here.js';
import { Turns } from '../faults/turns.js';
import type { Fault, PlannedFault } from '../plan/faults.js';

type World = Omit<FaultWorld, 'turns' | 'complain'> & { readonly say: (line: string) => void };

/** The name a fault has in reports: crash points go by their moment. */
export const nameOf = (fault: Fault): string => (fault.kind === 'crash point' ? fault.point : fault.kind);

/** Injects the faults of a round and keeps account of them: each that was planned is injected, or it is said why not. */
export class FaultBook {
  /** Fault -> how often. */
  readonly injected = new Map<string, number>();
  /** Fault -> why not, whether the machine could not or it was passed over. */
  readonly notInjected = new Map<string, string>();
  /** Planned, possible here, and not injected: such a round has not tested what it was to test. */
  readonly passedOver: string[] = [];
  /** What was seen to be wrong meanwhile. */
  readonly complaints: string[] = [];
  private readonly turns = new Turns();
  private readonly startedMs = Date.now();

  constructor(private readonly world: World) {}

  /** Each at its time, or as soon as what it ill-treats is free. */
  async injectAll(faults: readonly PlannedFault[]): Promise<void> {
    await Promise.all(
      faults.map(async ({ atMs, fault }) => {
        await wait(Math.max(0, atMs - this.atMs));
        await this.injectOne(fault);
      }),
    );
  }

  private get atMs(): number {
    return Date.now() - this.startedMs;
  }

  private async injectOne(fault: Fault): Promise<void> {
    const name = nameOf(fault);
    const about = 'victim' in fault ? `${name} (${fault.victim})` : name;
    const complain = (what: string) => void this.complaints.push(what);
    let isHere = true;
    const whyNot = await inject({ ...this.world, turns: this.turns, complain }, fault).catch(
      (error: Error) => {
        isHere = !(error instanceof NotHere);
        return isHere ? `it failed: ${error.message}` : error.message;
      },
    );
    const end = whyNot === undefined ? '' : `: not injected, ${whyNot}`;
    this.world.say(`${(this.atMs / 1000).toFixed(1)} s  ${about}${end}`);
    if (whyNot === undefined) return void this.injected.set(name, (this.injected.get(name) ?? 0) + 1);
    this.notInjected.set(name, whyNot);
    if (isHere) this.passedOver.push(`${about}: ${whyNot}`);
  }
}
