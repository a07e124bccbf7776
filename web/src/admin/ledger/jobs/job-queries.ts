import { queryOptions } from '@tanstack/react-query';
import { answer, api, onceOnly } from '../../../api/client.ts';
import { given } from '../../../api/given.ts';
import { queryClient } from '../../../api/queries.ts';
import { download } from '../../../format/download.ts';
import type { paths } from '../../../generated/api.ts';

const PAGE = 20;
/** Something is under way: it is looked at often. */
const RUNNING_MS = 1_000;
/** Somebody else may start something. */
const RESTING_MS = 15_000;

const KEY = ['admin', 'jobs'] as const;

interface JobsFilter {
  readonly type?: Job['type'];
  readonly state?: Job['state'];
  readonly before?: string | undefined;
}

const readJobs = async (filter: JobsFilter, signal: AbortSignal) => {
  const query = given({ ...filter, limit: PAGE });
  return (await answer(api.GET('/api/admin/jobs', { signal, params: { query } }))).data;
};

export const jobsQuery = (filter: JobsFilter = {}) =>
  queryOptions({
    queryKey: [...KEY, filter],
    queryFn: ({ signal }) => readJobs(filter, signal),
    refetchInterval: ({ state: { data } }) =>
      data?.jobs.some(({ state }) => state === 'running') ? RUNNING_MS : RESTING_MS,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/jobs/{id}', { signal, params: { path: { id } } }))).data,
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? RUNNING_MS : false),
  });
export type Job = Awaited<ReturnType<NonNullable<ReturnType<typeof jobQuery>['queryFn']>>>;

/** What can be asked for: it changes with the program and its environment alone. */
export const jobChoicesQuery = queryOptions({
  queryKey: ['admin', 'job-choices'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/jobs/choices', { signal }))).data,
  staleTime: Infinity,
});

type Start = paths['/api/admin/jobs']['post']['requestBody']['content']['application/json'];

/** Begins it and answers it as it is then. */
export async function startJob(body: Start): Promise<Job> {
  const { data } = await answer(api.POST('/api/admin/jobs', { ...onceOnly(), body }));
  await queryClient.invalidateQueries({ queryKey: KEY });
  return data;
}

export async function cancelJob(id: string): Promise<void> {
  await answer(api.POST('/api/admin/jobs/{id}/cancel', { params: { path: { id } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** The whole file that it made. */
export async function keepResult({ id, result }: Job): Promise<void> {
  if (!result) return;
  const asked = api.GET('/api/admin/jobs/{id}/result', { params: { path: { id } }, parseAs: 'blob' });
  download(result.name, await answer(asked), result.media_type);
}

/** Puts a file where a job can read it, and answers how it begins. */
export const uploadFile = async (file: File) => {
  const name =
    file.name
      .replaceAll(/[^\w.-]/g, '_')
      .replace(/^[^\w]+/, '')
      .slice(-100) || 'upload.csv';
  return (
    await answer(
      api.POST('/api/admin/jobs/files', {
        params: { query: { file: name } },
        body: file as unknown as string,
        bodySerializer: (body) => body as unknown as BodyInit,
        headers: { 'content-type': 'text/csv' },
      }),
    )
  ).data;
};
export type Uploaded = Awaited<ReturnType<typeof uploadFile>>;
