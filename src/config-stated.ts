import { variables, type VariableName } from './config-variables.js';

/** Their values are for this process alone: keys, and addresses that can hold a password. */
const secrets: readonly VariableName[] = [
  'METRICS_TOKEN',
  'EVENTSTORE_URL',
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'MASTER_KEY',
  'NEW_MASTER_KEY',
  'SERVICE_KEYS',
  'SMTP_URL',
];

/** What the environment says of one variable, as it may be shown. */
export interface StatedVariable {
  readonly name: string;
  readonly isSet: boolean;
  readonly isSecret: boolean;
  /** In force, as a person would write it; null: none, or a secret. */
  readonly value: string | null;
}

/** Every variable there is, by name. Secrets only say whether they are set. */
export function statedVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly StatedVariable[] {
  return (Object.keys(variables) as VariableName[]).map((name) => {
    const given = environment[name] || undefined;
    const isSecret = secrets.includes(name);
    const value = isSecret ? null : (given ?? variables[name].fallback);
    return { name, isSet: given !== undefined, isSecret, value };
  });
}
