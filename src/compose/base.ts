import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { ShutdownList } from './shutdown.js';

/** What there is before anything was opened. */
export interface Base {
  readonly config: Config;
  readonly log: Logger;
  readonly shutdown: ShutdownList;
  /** As connections are named at the database; by default the role. */
  readonly name?: string;
}
