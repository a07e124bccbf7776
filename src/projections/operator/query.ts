import { z } from 'zod';
import { roles, type Role } from '../../domain/operator/roles.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

export interface OperatorView {
  readonly name: string;
  readonly role: Role;
  readonly enabled: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const row = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    enabled: z.boolean(),
    created_by: z.string(),
    created_at: z.date(),
  })
  .transform(({ created_by, created_at, ...rest }): OperatorView => ({
    ...rest,
    createdBy: created_by,
    createdAt: created_at,
  }));
const SELECT = `SELECT name, role, enabled, created_by, created_at FROM ${schemaOf('operators')}.operators`;

export async function findOperator(db: Queryable, name: string): Promise<OperatorView | undefined> {
  const { rows } = await db.query(`${SELECT} WHERE name = $1`, [name]);
  return rows[0] === undefined ? undefined : row.parse(rows[0]);
}

/** All of them, by name: there are few. */
export async function listOperators(db: Queryable): Promise<readonly OperatorView[]> {
  const { rows } = await db.query(`${SELECT} ORDER BY name`);
  return z.array(row).parse(rows);
}
