import type { AlertAddresses } from '../../commands/alert/ports.js';
import type { FiredAlert } from '../../domain/operator/fired-alert.js';

/** Alerts as operators work with them. */
export interface AlertDesk {
  /** Addresses and secrets of those whom the settings name. */
  readonly addresses: AlertAddresses;
  /** Whether what is sent to an address could reach it: nothing private may be called from here. */
  mayPost(url: string): Promise<boolean>;
  list(state: 'open' | 'resolved' | undefined): Promise<readonly FiredAlert[]>;
  find(id: string): Promise<FiredAlert | undefined>;
  /** @returns whether it is open */
  acknowledge(id: string, by: string): Promise<boolean>;
  /** @returns whether it is open */
  snooze(id: string, by: string, until: Date): Promise<boolean>;
  /** Tells the receivers that it is over. @returns whether it was open */
  resolve(alert: FiredAlert, by: string): Promise<boolean>;
  /** Puts a message for one receiver among those that are on their way. @returns its id */
  test(receiver: string, by: string): Promise<string>;
}
