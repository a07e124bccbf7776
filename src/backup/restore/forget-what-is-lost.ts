import type pg from 'pg';

/**
 * What the database kept of events that are not in the backup's log goes: a message about something that has not happened must not be sent, and a
 * retry must not be answered with a key that nobody has.
 *
 * @param last of the backup's log, where it stood
 * @param tokenId the highest number of an access key in the log
 */
export async function forgetWhatIsLost(
  tx: pg.ClientBase,
  { last, tokenId }: { readonly last: bigint; readonly tokenId: number },
): Promise<{ readonly messages: number; readonly secrets: number }> {
  const discarded = await tx.query(
    `UPDATE outbox SET state = 'discarded', ended_at = now(), lease_until = NULL, handled_by = 'restore'
     WHERE state = 'waiting' AND position > $1`,
    [last],
  );
  const deleted = await tx.query('DELETE FROM issued_secrets WHERE token_id > $1', [tokenId]);
  return { messages: discarded.rowCount ?? 0, secrets: deleted.rowCount ?? 0 };
}
