import type { z } from 'zod';
import type { JobInput } from '../../../../jobs/job.js';
import { invalidRequest } from '../../../failure.js';
import { complaints } from '../../../validation.js';
import type { startInput } from './schema.js';

type Given = z.output<typeof startInput>;

/** What a job of the type needs. Throws the 400 that names what is missing. */
export function jobInputOf(given: Given): JobInput {
  const { type, format = 'hledger', from, to } = given;
  switch (type) {
    case 'verify':
    case 'digest':
    case 'backup':
    case 'drill':
      return { type };
    case 'rebuild': {
      const { projection, mode } = required(given, 'projection', 'mode');
      return { type, projection, mode };
    }
    case 'export':
      return { type, format, from, to };
    case 'reconcile':
      return reconciliationOf(given);
  }
}

function reconciliationOf(given: Given): JobInput {
  const { provider: format, rate = [], prefix = [], channel = [], model = [], tz, tolerance } = given;
  const { by_day: byDay = false, by_channel: byChannel = false, id_column: idColumn, report = 'csv' } = given;
  const { against, files, from, to } = required(given, 'against', 'files', 'from', 'to');
  const asked = { against, files, from, to, tz, report, format, rate, tolerance, prefix, idColumn };
  return { type: 'reconcile', ...asked, channel, model, byDay, byChannel };
}

function required<Name extends keyof Given>(given: Given, ...names: readonly Name[]) {
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length > 0) throw invalidRequest(missing.map((field) => ({ field, ...complaints.required })));
  return given as Given & { readonly [Each in Name]-?: NonNullable<Given[Each]> };
}
