import type { FiredAlert } from '../../domain/operator/fired-alert.js';

/** What is told of by itself, and when it is over. */
export interface AlertRule {
  readonly kind: string;
  readonly severity: 'warning' | 'critical';
}

/** Alerts as operators work with them. */
export interface AlertDesk {
  readonly rules: readonly AlertRule[];
  /** Names of those who are told. */
  readonly receivers: readonly string[];
  list(state: 'open' | 'resolved' | undefined): Promise<readonly FiredAlert[]>;
  find(id: string): Promise<FiredAlert | undefined>;
  /** @returns whether it is open */
  acknowledge(id: string, by: string): Promise<boolean>;
  /** @returns whether it is open */
  snooze(id: string, by: string, until: Date): Promise<boolean>;
  /** Tells the receivers that it is over. @returns whether it was open */
  resolve(alert: FiredAlert, by: string): Promise<boolean>;
  /** Puts a message for a receiver among those that are on their way. @returns its id */
  test(receiver: string, by: string): Promise<string>;
}
