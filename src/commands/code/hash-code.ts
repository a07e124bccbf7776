import { readCode } from '../../domain/code/code-text.js';
import type { CommandDependencies } from '../handling/ports.js';

/** What a code is found by: under a key that every rotation of the master key keeps. */
export const hashCode = ({ keyring }: Pick<CommandDependencies, 'keyring'>, code: string): string =>
  keyring.hashSecret('redemption-code', code);

/** Of what somebody typed; undefined where it can be no code, which tells nobody anything. */
export function hashTyped(
  dependencies: Pick<CommandDependencies, 'keyring'>,
  typed: string,
): string | undefined {
  const code = readCode(typed);
  return code === undefined ? undefined : hashCode(dependencies, code);
}
