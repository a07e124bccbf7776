import { z } from 'zod';
import type { ReconciliationRequest } from '../../../books/reconcile/reconciliation.js';
import { WrongFile } from '../../../books/reconcile/tabular/tabular-file.js';
import type { AuditContext } from '../../area-contexts.js';
import { type Answer, type BoundEndpoint, endpoint, type FailureRow } from '../../endpoint.js';
import { HttpFailure } from '../../failure.js';
import { asked, failureRows } from './failures.js';
import { exportInput, providerInput, upstreamInput } from './finance-schema.js';

/** Reports that are made at once; each may hold a file's rows in memory. */
const MAX_AT_ONCE = 2;
const RETRY_AFTER_SECONDS = '5';

const mediaTypes = {
  hledger: 'text/plain; charset=utf-8',
  table: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;

const busy: FailureRow = [503, 'reports_busy', '报表任务过多，请稍后重试'];
const wrongFile: FailureRow = [400, 'wrong_file', '文件与所选格式不符'];

const report = {
  area: 'audit',
  access: 'audit',
  refusals: [],
  data: z.string(),
  example: { data: '' },
} as const;

let making = 0;

/** What the caller is told of faults that the reports name in words. At most two reports are made at once. */
async function reported(make: () => Promise<Answer['text'] & object>): Promise<Answer> {
  if (making >= MAX_AT_ONCE)
    throw new HttpFailure({
      status: 503,
      code: busy[1],
      text: { zh: busy[2], en: 'Too many reports are being made, please retry' },
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  making += 1;
  try {
    const { data: made } = await asked(make());
    return { data: null, text: { ...made, onClose: () => (making -= 1) } };
  } catch (error) {
    making -= 1;
    // The command says --from where a request says from.
    const reason = error instanceof Error ? error.message.replaceAll(/--(?=\w)/g, '') : '';
    if (error instanceof WrongFile)
      throw new HttpFailure({ status: 400, code: wrongFile[1], text: WRONG_FILE, details: { reason } });
    if (error instanceof RangeError)
      throw new HttpFailure({ status: 400, code: 'invalid_request', text: INVALID, details: { reason } });
    throw error;
  }
}

const WRONG_FILE = { zh: wrongFile[2], en: 'The file is not what it should be' };
const INVALID = { zh: '请求参数错误', en: 'Invalid request' };

const exportEndpoint = endpoint({
  ...report,
  method: 'get',
  path: '/export',
  operationId: 'auditExport',
  summary: 'Write the journal for accounting tools',
  description:
    'The bytes of `counterfoil export`, as they are made: for hledger, as CSV or as NDJSON. What was before `from` becomes an opening transaction. A response that breaks off is not complete.',
  input: exportInput,
  answersText: [mediaTypes.hledger, mediaTypes.csv, mediaTypes.ndjson],
  failures: [...failureRows(), busy],
  handle: (question, { finance }) =>
    reported(async () => ({
      mediaType: mediaTypes[question.format],
      pieces: await finance.export(question),
    })),
});

const reconciliation = {
  ...report,
  method: 'post',
  takesFile: true,
  answersText: [mediaTypes.json, mediaTypes.csv, mediaTypes.table],
  failures: [...failureRows(), busy, wrongFile],
} as const;

type Given = z.output<typeof providerInput> | z.output<typeof upstreamInput>;

function reconcile(
  given: Given,
  request: Omit<ReconciliationRequest, 'path' | 'from' | 'to' | 'tz'>,
  { finance, file }: AuditContext,
): Promise<Answer> {
  return reported(async () => {
    if (!file) throw new Error('an endpoint for a file was reached without one');
    const { from, to, tz } = given;
    const { clean, text } = await finance.reconcile(
      { ...request, from, to, tz, path: file.path },
      given.report,
    );
    const headers = { 'Reconciliation-Clean': `${clean}` };
    return { mediaType: mediaTypes[given.report], pieces: text, headers };
  });
}

const NOTHING_ELSE = {
  rate: [],
  prefix: [],
  channel: [],
  model: [],
  byDay: false,
  byChannel: false,
} as const;

const providerEndpoint = endpoint({
  ...reconciliation,
  path: '/reconcile/psp',
  operationId: 'auditReconcileProvider',
  summary: "Lay a payment provider's file beside the ledger",
  description:
    'The file is the body, as the provider made it. The bytes of `counterfoil reconcile --psp`; the header `Reconciliation-Clean` tells whether all agrees.',
  input: providerInput,
  handle: (given, context) => {
    const { format, rate, tolerance, prefix, id_column: idColumn } = given;
    const request = { ...NOTHING_ELSE, against: 'psp', format, rate, tolerance, prefix, idColumn } as const;
    return reconcile(given, request, context);
  },
});

const upstreamEndpoint = endpoint({
  ...reconciliation,
  path: '/reconcile/upstream',
  operationId: 'auditReconcileUpstream',
  summary: 'Lay the usage that an upstream billed beside the charges',
  description:
    'The file is the body. The bytes of `counterfoil reconcile --upstream`; the header `Reconciliation-Clean` tells whether all agrees.',
  input: upstreamInput,
  handle: (given, context) => {
    const { channel, model, by_day, by_channel } = given;
    const request = {
      ...NOTHING_ELSE,
      against: 'upstream',
      channel,
      model,
      byDay: by_day === 'true',
      byChannel: by_channel === 'true',
    } as const;
    return reconcile(given, request, context);
  },
});

/** The reports of finance, read-only. */
export const financeEndpoints: readonly BoundEndpoint[] = [
  exportEndpoint,
  providerEndpoint,
  upstreamEndpoint,
];
