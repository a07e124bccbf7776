import { v7 } from 'uuid';
import { z } from 'zod';
import { JobFault } from '../../../../jobs/faults.js';
import type { Job } from '../../../../jobs/job.js';
import { uuid5 } from '../../../../support/uuid5.js';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { type Bilingual, HttpFailure } from '../../../failure.js';
import { refused } from '../../../refusals.js';
import { seconds } from '../paging.js';
import { jobInputOf } from './input.js';
import {
  choicesData,
  exampleJob,
  jobData,
  listInput,
  startInput,
  uploadData,
  uploadInput,
} from './schema.js';

/** Ids of jobs that a request may name again. */
const REQUESTS = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c09';

const notFound: FailureRow = [404, 'job_not_found', '任务不存在'];
const busy: FailureRow = [409, 'jobs_busy', '正在进行的任务过多，请稍后重试'];
const invalid: FailureRow = [400, 'job_invalid', '任务无法执行'];
const ended: FailureRow = [409, 'job_ended', '任务已结束'];
const noResult: FailureRow = [404, 'no_result', '任务没有结果'];

const english: Readonly<Record<string, string>> = {
  job_not_found: 'No such job',
  jobs_busy: 'Too many jobs are under way, please wait',
  job_invalid: 'The job cannot be done',
  job_ended: 'The job has ended',
  no_result: 'The job has made nothing',
};

function failing([status, code, zh]: FailureRow, details?: Readonly<Record<string, unknown>>): HttpFailure {
  const text: Bilingual = { zh, en: english[code] ?? code };
  const headers = code === 'jobs_busy' ? { headers: { 'Retry-After': '10' } } : {};
  return new HttpFailure({ status, code, text, ...(details && { details }), ...headers });
}

/** Words of ours for what cannot be done. */
const told = (error: unknown): never => {
  throw error instanceof JobFault ? failing(invalid, { reason: error.message }) : error;
};

const present = (job: Job) => ({
  id: job.id,
  type: job.type,
  input: job.input,
  started_by: job.startedBy,
  state: job.state,
  cancel_requested: job.cancelRequested,
  progress: { done: job.done.toString(), total: job.total?.toString() ?? null },
  outcome: job.outcome ?? null,
  fault: job.fault ?? null,
  created_at: seconds(job.createdAt),
  ended_at: job.endedAt ? seconds(job.endedAt) : null,
  result: job.result
    ? { name: job.result.name, media_type: job.result.mediaType, bytes: job.result.bytes }
    : null,
});

async function existing({ admin }: Pick<AdminContext, 'admin'>, id: string): Promise<Job> {
  const job = await admin.jobs.find(id);
  if (!job) throw failing(notFound);
  return job;
}

const ofJobs = { area: 'admin', refusals: [] } as const;
const idInput = { id: z.uuid() };

const start = endpoint({
  ...ofJobs,
  method: 'post',
  path: '/jobs',
  access: 'jobs:run',
  operationId: 'adminStartJob',
  summary: 'Start a job',
  description:
    'Verifies the books, makes read models anew, writes the journal, lays a file beside the ledger, tells the digests of all tables, writes a backup or tries one out, as the commands of these names do, in the background. Answers at once; the job says how far it is. Two may be under way, in all processes together. Jobs are kept for 30 days.',
  input: startInput,
  data: jobData,
  refusals: ['idempotency_conflict'],
  failures: [invalid, busy],
  example: {
    request: { type: 'verify' },
    data: { ...exampleJob, state: 'running', outcome: null, ended_at: null, result: null },
  },
  handle: async (given, context) => {
    const { admin, meta } = context;
    const { actor, idempotencyKey } = meta;
    const id = idempotencyKey === undefined ? v7() : uuid5(`${actor} ${idempotencyKey}`, REQUESTS);
    const begun = await admin.jobs.start(id, jobInputOf(given), actor).catch(told);
    if (begun === 'busy') throw failing(busy);
    if (begun === 'conflict') throw refused({ code: 'idempotency_conflict' });
    return { data: present(await existing(context, id)), replayed: begun === 'known' };
  },
});

const choices = endpoint({
  ...ofJobs,
  method: 'get',
  path: '/jobs/choices',
  access: 'audit:read',
  operationId: 'adminShowJobChoices',
  summary: 'Show what jobs can be asked for',
  description: 'Names of the read models, and whether there is a folder for backups (`BACKUP_DIR`).',
  input: z.object({}),
  data: choicesData,
  example: { data: { projections: ['balance', 'journal'], backups: { encrypted: true } } },
  handle: (_, { admin }) => {
    const { projections, backups } = admin.jobs.choices();
    return Promise.resolve({
      data: { projections: [...projections], backups: backups ? { encrypted: backups.isEncrypted } : null },
    });
  },
});

const list = endpoint({
  ...ofJobs,
  method: 'get',
  path: '/jobs',
  access: 'audit:read',
  operationId: 'adminListJobs',
  summary: 'List jobs',
  description: 'The newest first. `next` is to be given as `before`.',
  input: listInput,
  data: z.object({ jobs: z.array(jobData), next: z.string().nullable() }),
  example: { data: { jobs: [exampleJob], next: null } },
  handle: async ({ type, state, before, limit }, { admin }) => {
    const jobs = await admin.jobs.list({ type, state }, { before, limit });
    return {
      data: { jobs: jobs.map(present), next: jobs.length < limit ? null : (jobs.at(-1)?.id ?? null) },
    };
  },
});

const view = endpoint({
  ...ofJobs,
  method: 'get',
  path: '/jobs/{id}',
  access: 'audit:read',
  operationId: 'adminShowJob',
  summary: 'Show a job',
  description: 'Its progress while it is under way, and what it came to.',
  input: z.object(idInput),
  data: jobData,
  failures: [notFound],
  example: { data: exampleJob },
  handle: async ({ id }, context) => ({ data: present(await existing(context, id)) }),
});

const cancel = endpoint({
  ...ofJobs,
  method: 'post',
  path: '/jobs/{id}/cancel',
  access: 'jobs:run',
  operationId: 'adminCancelJob',
  summary: 'Cancel a job',
  description:
    'It goes no further than to where it next says how far it is, in whatever process. A rebuild that was cancelled goes on from there when it is started again.',
  input: z.object(idInput),
  bodyOptional: true,
  data: jobData,
  failures: [notFound, ended],
  example: {
    data: { ...exampleJob, state: 'running', cancel_requested: true, outcome: null, ended_at: null },
  },
  handle: async ({ id }, context) => {
    await existing(context, id);
    if (!(await context.admin.jobs.cancel(id))) throw failing(ended);
    return { data: present(await existing(context, id)) };
  },
});

const result = endpoint({
  ...ofJobs,
  method: 'get',
  path: '/jobs/{id}/result',
  access: 'audit:read',
  operationId: 'adminShowJobResult',
  summary: 'Get what a job made',
  description:
    'The whole file: the JSON of a verification, a rebuild, a digest, a backup or a drill, the journal, the report of a reconciliation.',
  input: z.object(idInput),
  data: z.string(),
  answersText: ['application/json', 'text/csv', 'text/plain', 'application/x-ndjson'],
  failures: [notFound, noResult],
  example: { data: '' },
  handle: async ({ id }, context) => {
    const { result: made } = await existing(context, id);
    if (!made) throw failing(noResult);
    const headers = {
      'Content-Disposition': `attachment; filename="${made.name}"`,
      'Content-Length': made.bytes.toString(),
    };
    return {
      data: null,
      text: { mediaType: made.mediaType, pieces: context.admin.jobs.read(made.id), headers },
    };
  },
});

const upload = endpoint({
  ...ofJobs,
  method: 'post',
  path: '/jobs/files',
  access: 'jobs:run',
  operationId: 'adminUploadJobFile',
  summary: 'Upload a file for a reconciliation',
  description:
    'The file is the body, 64 MiB at most. Shows how it begins and what it is taken for, before anything is laid beside it. Kept for a day.',
  takesFile: true,
  input: uploadInput,
  data: uploadData,
  failures: [invalid],
  example: {
    data: {
      file_id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b12',
      name: 'november.csv',
      media_type: 'text/csv',
      bytes: 48211,
      provider: 'generic',
      upstream: null,
      rows: [
        ['payment_id', 'amount', 'currency', 'time'],
        ['pi_3Q0001', '68.49', 'USD', '2026-11-21T09:00:00Z'],
      ],
    },
  },
  handle: async ({ file: name }, { admin, file }) => {
    if (!file) throw new Error('an endpoint for a file was reached without one');
    const { id, mediaType, ...kept } = await admin.jobs.keep(file.path, name).catch(told);
    return { data: { file_id: id, media_type: mediaType, ...kept } };
  },
});

export const jobEndpoints: readonly BoundEndpoint[] = [start, list, choices, upload, view, cancel, result];
