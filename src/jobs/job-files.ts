import type pg from 'pg';
import { v7 } from 'uuid';
import { JobFault } from './faults.js';
import type { JobFile } from './job.js';

const PART_BYTES = 256 * 1024;
/** What is larger is asked for in shorter periods, or written by the command. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface JobFiles {
  /**
   * Keeps a file, piece by piece. Nothing is left of one that was not written to its end.
   * @param file.jobId of the job that made it
   * @throws JobFault when it is too large; what `pieces` throws
   */
  write(
    file: Pick<JobFile, 'name' | 'mediaType'> & { readonly jobId?: string },
    pieces: AsyncIterable<string | Uint8Array> | Iterable<string>,
  ): Promise<JobFile>;
  find(id: string): Promise<JobFile | undefined>;
  /** Its parts, in order: a piece that was written is never cut. */
  read(id: string): AsyncGenerator<Buffer>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly bytes: bigint;
}

/** In the database, so that whichever process is asked has them. */
export function createJobFiles(pool: Pick<pg.Pool, 'query'>): JobFiles {
  return {
    write: async ({ name, mediaType, jobId }, pieces) => {
      const id = v7();
      const remove = () => pool.query('DELETE FROM job_files WHERE id = $1', [id]);
      await pool.query(
        'INSERT INTO job_files (id, job_id, name, media_type, bytes) VALUES ($1, $2, $3, $4, 0)',
        [id, jobId ?? null, name, mediaType],
      );
      try {
        const bytes = await writeParts(pool, id, pieces);
        await pool.query('UPDATE job_files SET bytes = $2 WHERE id = $1', [id, bytes]);
        return { id, name, mediaType, bytes };
      } catch (error) {
        await remove();
        throw error;
      }
    },
    find: async (id) => {
      const { rows } = await pool.query<Row>(
        'SELECT id, name, media_type, bytes FROM job_files WHERE id = $1',
        [id],
      );
      const [row] = rows;
      return row && { id, name: row.name, mediaType: row.media_type, bytes: Number(row.bytes) };
    },
    read: async function* (id) {
      for (let part = 0; ; part += 1) {
        const { rows } = await pool.query<{ data: Buffer }>(
          'SELECT data FROM job_file_parts WHERE file_id = $1 AND part = $2',
          [id, part],
        );
        const [row] = rows;
        if (!row) return;
        yield row.data;
      }
    },
  };
}

async function writeParts(
  pool: Pick<pg.Pool, 'query'>,
  id: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string>,
): Promise<number> {
  let [written, part, held] = [0, 0, 0];
  let waiting: Buffer[] = [];
  const flush = async () => {
    if (held === 0) return;
    const data = Buffer.concat(waiting);
    [waiting, held] = [[], 0];
    await pool.query('INSERT INTO job_file_parts (file_id, part, data) VALUES ($1, $2, $3)', [
      id,
      part++,
      data,
    ]);
  };
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece as string);
    written += bytes.length;
    if (written > MOST_BYTES)
      throw new JobFault(`the file would be larger than ${MOST_BYTES} bytes: ask for a shorter period`);
    waiting.push(bytes);
    held += bytes.length;
    if (held >= PART_BYTES) await flush();
  }
  await flush();
  return written;
}
