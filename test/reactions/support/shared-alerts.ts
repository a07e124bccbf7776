import type { Alert, Alerts, OpenAlert } from '../../../src/reactions/alerts/alerts.js';

/** Alerts as one table that all processes see, and that may be away. */
export class SharedAlerts implements Pick<Alerts, 'raise' | 'resolve' | 'open'> {
  readonly told: string[] = [];
  private readonly states = new Map<string, OpenAlert>();
  away = false;

  async raise({ key, kind, details }: Alert): Promise<boolean> {
    this.assertThere();
    if (this.states.has(key)) return false;
    this.states.set(key, { key, kind, details, raisedAt: new Date(0) });
    this.told.push(`raised ${key}`);
    return Promise.resolve(true);
  }

  async resolve(key: string): Promise<boolean> {
    this.assertThere();
    if (this.states.delete(key)) this.told.push(`resolved ${key}`);
    return Promise.resolve(true);
  }

  async open(kind?: string): Promise<readonly OpenAlert[]> {
    this.assertThere();
    const open = [...this.states.values()];
    return Promise.resolve(open.filter((alert) => kind === undefined || alert.kind === kind));
  }

  private assertThere(): void {
    if (this.away) throw new Error('the database is away');
  }
}
