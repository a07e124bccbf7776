import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { UsageError } from '../../exit-codes.js';

/** Databases have no one way to write a number or a yes: SQLite and MySQL say 0 and 1, some drivers say numbers as text. */
const whole = z
  .union([z.int(), z.string().regex(/^-?\d{1,18}$/)])
  .transform((value) => BigInt(value))
  .nullish();
const yes = z.union([z.boolean(), z.int()]).transform(Boolean).nullish();
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A row of New API's `users`, as docs/import.md exports it; columns that an older version has not are absent. */
export const userRow = z.object({
  id: z.int().positive(),
  username: z.string(),
  display_name: text,
  email: text,
  phone: text,
  wechat_openid: text,
  wechat_unionid: text,
  alipay_userid: text,
  external_user_id: text,
  login_type: text,
  aff_code: text,
  external_data: text,
  group: text,
  status: z.int(),
  role: z.int().nullish(),
  quota: whole.transform((quota) => quota ?? 0n),
  deleted_at: z.unknown().optional(),
});
export type UserRow = z.output<typeof userRow>;

/** A row of New API's `tokens`. The key stands there as it is, without the `sk-` that its owner writes before it. */
export const tokenRow = z.object({
  id: z.int().positive(),
  user_id: z.int().positive(),
  key: text,
  name: text,
  status: z.int(),
  expired_time: z
    .int()
    .nullish()
    .transform((seconds) => seconds ?? null),
  remain_quota: whole,
  unlimited_quota: yes,
  model_limits_enabled: yes,
  model_limits: text,
  allow_ips: text,
  group: text,
  deleted_at: z.unknown().optional(),
});
export type TokenRow = z.output<typeof tokenRow>;

const MAX_FAULTS = 20;

/** Rows of a file of one JSON object a line. @throws UsageError that names the lines which are none, before anything was done */
export async function readRows<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const rows: z.output<Schema>[] = [];
  const faults: string[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      const parsed = schema.safeParse(jsonOf(line));
      if (parsed.success) rows.push(parsed.data);
      else faults.push(`  line ${number}: ${faultOf(parsed.error)}`);
      if (faults.length >= MAX_FAULTS) break;
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (faults.length > 0)
    throw new UsageError(`${file} is not as docs/import.md exports it:\n${faults.join('\n')}`);
  return rows;
}

/** Never the value: people are in it. */
const faultOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`).join('; ');

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
