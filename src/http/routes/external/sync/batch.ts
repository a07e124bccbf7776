import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { endpoint } from '../../../endpoint.js';
import { exactJson } from '../../../json/exact-json.js';
import { complaints } from '../../../validation.js';
import { answersOf, type NumberedLine } from './batch-lines.js';
import { commandOf } from './route.js';
import type { SyncInput } from './schema.js';

const NDJSON = 'application/x-ndjson';

const batchInput = z
  .object({
    from_line: z
      .string()
      .superRefine((value, context) => {
        if (!/^[1-9]\d{0,8}$/.test(value))
          context.addIssue({
            code: 'custom',
            params: { ...complaints.type('应为正整数', 'must be a whole number') },
          });
      })
      .default('1')
      .meta({
        type: 'integer',
        minimum: 1,
        description:
          'the first line that is looked at: the one answered `ledger_unavailable`, else the first without an answer',
      }),
  })
  .transform(({ from_line }) => ({ fromLine: Number(from_line), file: 'users.ndjson' }));

export const batchSyncEndpoint = endpoint({
  method: 'post',
  path: '/sync/batch',
  access: 'users',
  operationId: 'syncUsers',
  summary: 'Create or update many users',
  description:
    'Each line of the body is a user as in `POST /sync`; each is answered by a line, in their order: `{line, success, user_id, external_user_id, is_new_user, position}`, or `{line, success: false, code, message, errors}`. A line that is refused does not hold up the others. Every line may be sent again at will: what changes nothing appends nothing. An answer that ends early (`ledger_unavailable`, a key that was revoked meanwhile, a broken connection) is gone on with by the same body and `from_line`.',
  input: batchInput,
  takesFile: true,
  fileType: NDJSON,
  answersText: [NDJSON],
  data: z.string(),
  refusals: [],
  example: { data: '' },
  handle: async ({ fromLine }, { file, commands, meta, authorize, language }) => {
    if (!file) throw new Error('an endpoint for a file was reached without one');
    const handle = await open(file.path);
    // One key of the request cannot stand for all of its lines.
    const each = { ...meta, idempotencyKey: undefined };
    const sync = (input: SyncInput) => commands.syncAccount(commandOf(input), each);
    const answers = answersOf(linesOf(handle, fromLine), { sync, authorize, language });
    return {
      data: undefined,
      text: {
        mediaType: NDJSON,
        pieces: inLines(answers),
        onClose: () => void handle.close().catch(() => undefined),
      },
    };
  },
});

/** The lines that say something. The file is gone by its name already; the handle keeps it. */
async function* linesOf(handle: FileHandle, fromLine: number): AsyncGenerator<NumberedLine> {
  let line = 0;
  for await (const text of handle.readLines({ autoClose: false })) {
    line += 1;
    if (line >= fromLine && text.trim() !== '') yield { line, text };
  }
}

async function* inLines(answers: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const answer of answers) yield `${exactJson(answer)}\n`;
}
