import type { Context } from 'koa';
import { operatorName } from '../../domain/operator/events.js';
import type { OperatorTrace } from '../../domain/operator/trace.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';

/** Where traces go. Never rejects: what an operator is answered does not depend on it. */
export type NoteTrace = (trace: OperatorTrace) => Promise<void>;

export interface TracedRequest {
  /** `POST /api/admin/login` */
  readonly route: string;
  readonly address: string | undefined;
}

/** What the login's own fields say comes from anybody: what cannot be a name, such as a password in the wrong field, is not kept. */
export const plausibleName = (name: unknown): string => operatorName.safeParse(name).data ?? '';

/** Keeps that an operator was refused, and lets the refusal go on its way. */
export async function noteRefusal(
  note: NoteTrace,
  ctx: Context,
  { route, address }: TracedRequest,
  error: unknown,
): Promise<void> {
  if (!(error instanceof HttpFailure)) return;
  const { status, code, details = {} } = error.failure;
  // A login that failed has been noted with the name that was given.
  if ((status !== 401 && status !== 403) || code === 'login_failed') return;
  const permission = typeof details['permission'] === 'string' ? details['permission'] : '';
  const name = typeof ctx.state.operatorName === 'string' ? ctx.state.operatorName : '';
  const reason = [code, permission].filter((part) => part !== '').join(' ');
  await note({ kind: 'refused', name, addressBlock: addressBlock(address), reason, route });
}
