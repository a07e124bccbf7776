import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { UpstreamRequest } from './upstream-request.js';
import type { Form, FormField } from '../multipart/form.js';
import type { FormPart } from '../multipart/form-scanner.js';
import { type DecidingMembers, foldedName, invalidRequest, oddlySpelled, pick } from './json/body.js';

/** A form as it came, and what was read of it. */
export interface FormCall<Fields> {
  readonly form: Form;
  readonly fields: Fields;
  /** All fields that decide something, those that are judged as well. */
  readonly deciding: Readonly<Record<string, string>>;
}

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set([undefined, 'text/plain', 'application/json']);
const PLAIN_CHARSETS: ReadonlySet<string | undefined> = new Set([undefined, 'utf-8', 'us-ascii']);

/** A number and a truth as forms write them. */
export const formCount = z
  .string()
  .regex(/^\d{1,9}$/, 'a whole number')
  .transform(Number);
export const formFlag = z
  .string()
  .regex(/^(true|false)$/i, 'true or false')
  .transform((text) => text.toLowerCase() === 'true');

/**
 * The fields that decide route and charge, checked; each may appear once only, spelled exactly so, as a plain text.
 * @throws CallRefused `invalid_request`
 */
export function readFormCall<Fields>(
  form: Form,
  schema: z.ZodType<Fields>,
  deciding: DecidingMembers,
): FormCall<Fields> {
  const found: Record<string, string> = {};
  for (const part of form.parts) {
    const spelled = deciding.get(foldedName(part.name.replace(/\[.*$/, '')));
    if (!spelled) continue;
    if (!spelled.includes(part.name) || Object.hasOwn(found, part.name)) throw oddlySpelled(spelled[0]);
    found[part.name] = textOf(part);
  }
  return { form, fields: pick(schema, found), deciding: found };
}

/** The client's own form, but for the model's name at the channel and these fields. */
export function forwardForm(
  path: string,
  { form, fields }: Pick<FormCall<{ readonly model: string }>, 'form' | 'fields'>,
  upstreamModel: string,
  changed: readonly FormField[] = [],
): UpstreamRequest<Form> {
  const named = upstreamModel === fields.model ? [] : [{ name: 'model', value: upstreamModel }];
  return {
    path,
    query: '',
    model: upstreamModel,
    headers: { 'content-type': form.contentType },
    body: form.with([...named, ...changed]),
  };
}

function textOf({ name, isFile, contentType, charset, content }: FormPart): string {
  if (isFile || !PLAIN_TYPES.has(contentType) || !PLAIN_CHARSETS.has(charset) || !isUtf8(content))
    throw invalidRequest(`"${name}" must be a plain text in UTF-8.`, name);
  return content.toString('utf8');
}
