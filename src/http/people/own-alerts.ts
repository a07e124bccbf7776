import type { UserAlertNotice, UserAlertSettings } from '../../commands/alert/ports.js';
import type { Receipt } from '../../reactions/outbox/receiver.js';

/** What one person wants to be told of: of one account, and no argument leads to another one. */
export interface OwnAlerts {
  find(): Promise<UserAlertSettings | undefined>;
  save(settings: UserAlertSettings): Promise<void>;
  /** The newest first. */
  notices(limit: number): Promise<readonly UserAlertNotice[]>;
  /** Whether what is sent to an address could reach it: nothing private may be called from here. */
  mayPost(url: string): Promise<boolean>;
  /** Sends a test on each way that is chosen. Throws 429 `too_many_mails`. */
  test(): Promise<{ readonly mail: Receipt | undefined; readonly webhook: Receipt | undefined }>;
}
