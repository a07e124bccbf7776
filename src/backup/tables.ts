/**
 * What the database has that no rebuild makes: it exists nowhere else. In the order in which it is read and written; rows of a table are
 * written down in the order of `by`, so that the same rows make the same file.
 */
export const KEPT_TABLES = [
  { table: 'ledger_instance', by: 'singleton' },
  // Without them nothing that the log says of a person can be read.
  { table: 'person_keys', by: 'account_id' },
  { table: 'service_keys', by: 'id' },
  { table: 'operator_credentials', by: 'name' },
  { table: 'operator_traces', by: 'id' },
  { table: 'user_credentials', by: 'account_id' },
  { table: 'sessions', by: 'id' },
  { table: 'totp_secrets', by: 'id' },
  { table: 'recovery_codes', by: 'code_hash' },
  { table: 'passkeys', by: 'id' },
  { table: 'provider_secrets', by: 'id' },
  { table: 'sign_ins', by: 'id' },
  { table: 'pending_registrations', by: 'id' },
  { table: 'mail_tokens', by: 'secret_hash' },
  { table: 'mails', by: 'id' },
  { table: 'payment_providers', by: 'provider_id' },
  { table: 'payment_provider_revisions', by: 'id' },
  { table: 'payment_inbox', by: 'id' },
  { table: 'test_payments', by: 'payment_id' },
  { table: 'adjustment_requests', by: 'adjustment_id' },
  { table: 'issued_secrets', by: 'request_key' },
  { table: 'kept_keys', by: 'channel_id, key_id' },
  { table: 'kept_things', by: 'id, account_id' },
  // A backup's refresh tokens may have been used since: then the key is said again.
  { table: 'channel_tokens', by: 'id' },
  { table: 'alerts', by: 'key' },
  { table: 'alert_receivers', by: 'name' },
  { table: 'user_languages', by: 'account_id' },
  { table: 'user_alerts', by: 'account_id' },
  { table: 'user_alert_notices', by: 'id' },
  { table: 'outbox', by: 'sequence' },
  { table: 'reaction_checkpoints', by: 'reaction' },
  { table: 'transparency_keys', by: 'id' },
  { table: 'transparency_checkpoints', by: 'size' },
  { table: 'transparency_given_up', by: 'origin, size' },
  { table: 'transparency_anchors', by: 'name' },
] as const;

/** Numbers that must not be given twice, also those that PostgreSQL itself gives to rows. */
export const KEPT_SEQUENCES = [
  'user_ids',
  'token_ids',
  'writer_lanes',
  'service_keys_id_seq',
  'operator_traces_id_seq',
  'outbox_sequence_seq',
] as const;

/** Made of the log, by a rebuild or a projector; beside them are the schemas `p_…` of the read models. */
export const REMADE_TABLES = [
  'projection_checkpoints',
  'projection_quarantine',
  'projection_cache_feed',
  'transparency_tree',
  'transparency_tiles',
  'transparency_bundles',
  'liability_trees',
  'liability_leaves',
  'liability_tiles',
] as const;

/** The log itself, where it is kept in PostgreSQL. */
export const LOG_TABLES = ['events', 'log_head'] as const;

/**
 * Neither: what the program makes when it opens the database, attempts to log in, handovers and half sign-ins of the last minutes, and work
 * that can be done, or planned, again.
 */
export const FLEETING_TABLES = [
  'schema_migrations',
  'login_attempts',
  'handovers',
  'payment_schedule',
  'payment_refund_turns',
  'channel_token_turns',
  'order_slots',
  'code_guesses',
  'sign_in_steps',
  'jobs',
  'job_files',
  'job_file_parts',
] as const;
