/** Where a part reports: fields first, as pino takes them. Never keys, personal data, SQL or addresses of upstreams. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
