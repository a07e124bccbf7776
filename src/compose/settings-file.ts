import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a file of the operator's, all of it at once. Never the values: secrets are among them. */
export class SettingsFileFault extends Error {
  override readonly name = 'SettingsFileFault';
}

const MAX_FILE_BYTES = 4 * 1024 * 1024;

interface SettingsFile<Schema extends z.ZodType> {
  /** As it is called in what people read: `bootstrap file`. */
  readonly what: string;
  readonly variable: string;
  readonly schema: Schema;
}

/** Reads JSON or YAML. @throws SettingsFileFault naming every fault by its place in the file */
export function parseSettings<Schema extends z.ZodType>(
  text: string,
  { what, schema }: Pick<SettingsFile<Schema>, 'what' | 'schema'>,
): z.output<Schema> {
  let content: unknown;
  try {
    content = parse(text, { prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw new SettingsFileFault(`the ${what} is neither JSON nor YAML: ${(error as Error).name}`);
  }
  const parsed = schema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${placeOf(path)}: ${message}`);
  throw new SettingsFileFault(`the ${what} is not usable:\n${faults.join('\n')}`);
}

/** @throws SettingsFileFault, also for a file that is absent or too large */
export async function readSettingsFile<Schema extends z.ZodType>(
  path: string,
  file: SettingsFile<Schema>,
): Promise<z.output<Schema>> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw new SettingsFileFault(`the ${file.what} is larger than ${MAX_FILE_BYTES} bytes`);
    return parseSettings(await readFile(path, 'utf8'), file);
  } catch (error) {
    if (error instanceof SettingsFileFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsFileFault(`${file.variable} cannot be read (${code ?? 'unknown'})`, { cause: error });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('');
  return place.replace(/^\./, '') || 'the file';
}
