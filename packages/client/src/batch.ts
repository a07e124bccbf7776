import { failureOf, parsed } from './answer.js';
import type { FieldError } from './shapes.js';

/** What became of one user of a batch, counted from 1. */
export type BatchLine =
  | {
      readonly line: number;
      readonly success: true;
      readonly user_id: number;
      readonly external_user_id: string;
      readonly is_new_user: boolean;
      readonly position: number;
    }
  | {
      readonly line: number;
      readonly success: false;
      readonly code: string;
      /** Absent where the line could not be read. */
      readonly external_user_id?: string;
      readonly errors?: readonly FieldError[];
    };

export const batchBody = (users: readonly object[]): string =>
  users.map((user) => `${JSON.stringify(user)}\n`).join('');

/** @throws ApiError, NoAnswer where the batch as a whole was refused */
export function readBatch(text: string, response: Response): BatchLine[] {
  if (!response.ok) throw failureOf(parsed(text), response);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const body = parsed(line);
      if (typeof body?.line !== 'number' || typeof body.success !== 'boolean')
        throw failureOf(body, response);
      return body as unknown as BatchLine;
    });
}
