import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** A file of someone else's that we do not read on: names the line that is wrong. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
  /** @param line from 1; undefined when it is the file as a whole */
  constructor(path: string, line: number | undefined, what: string) {
    super(`${basename(path)}${line === undefined ? '' : `, line ${line}`}: ${what}`);
  }
}

export interface FileRow {
  /** On which the row ends, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** An unclosed quote must not take the rest of a large file into one cell. */
const MAX_ROW_BYTES = 1_000_000;
const SAMPLE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** UTF-8 (with or without a byte order mark) or, where the beginning is not that, GBK in its superset GB18030. */
export async function encodingOf(path: string): Promise<'utf-8' | 'gb18030'> {
  const sample = await readSample(path);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}

/** The first lines, by which a layout is recognised. @throws WrongFile when it cannot be read or is empty */
export async function beginningOf(path: string): Promise<string> {
  const text = new TextDecoder(await encodingOf(path)).decode(await readSample(path), { stream: true });
  if (text.trim() === '') throw new WrongFile(path, undefined, 'it is empty');
  return text;
}

async function readSample(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new WrongFile(path, undefined, `it cannot be read (${error.code ?? error.message})`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The rows of a CSV file, one at a time; empty lines are passed over. `quote: false` where the writer knows no quotes, so that
 * one in a text is no more than that. `onDigest` gets the SHA-256 of the file's bytes, in hex, when all were read.
 */
export async function* readRows(
  path: string,
  { quote, onDigest }: { readonly quote: '"' | false; readonly onDigest?: (sha256: string) => void },
): AsyncGenerator<FileRow> {
  const parser = parse({
    bom: true,
    info: true,
    quote,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  let line = 0;
  try {
    const text = Readable.from(decode(path, await encodingOf(path), onDigest));
    for await (const { record, info } of pipeline(text, parser, () => undefined) as AsyncIterable<Parsed>) {
      line = info.lines;
      yield { line, cells: record };
    }
  } catch (error) {
    if (isOfTheParser(error)) throw new WrongFile(path, line + 1, error.message);
    throw error;
  }
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Whole lines at a time: a line break is never part of a letter in these encodings, and the line that is wrong can be named. */
async function* decode(
  path: string,
  encoding: string,
  onDigest: ((sha256: string) => void) | undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const digest = createHash('sha256');
  let lines = 0;
  let begun: Buffer = Buffer.alloc(0);
  const textOf = (bytes: Buffer): string => {
    try {
      return decoder.decode(bytes);
    } catch {
      const line = lines + 1 + firstUndecodable(bytes, decoder);
      throw new WrongFile(path, line, `it is not ${encoding.toUpperCase()} text`);
    }
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    const bytes = Buffer.concat([begun, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    begun = bytes.subarray(end);
    if (begun.length > MAX_ROW_BYTES) throw new WrongFile(path, lines + 1, 'the line is too long');
    const text = textOf(bytes.subarray(0, end));
    yield text;
    lines += text.split('\n').length - 1;
  }
  yield textOf(begun);
  onDigest?.(digest.digest('hex'));
}

function firstUndecodable(bytes: Buffer, decoder: InstanceType<typeof TextDecoder>): number {
  let index = 0;
  for (let start = 0; start < bytes.length; index += 1) {
    const end = bytes.indexOf(LINE_FEED, start) + 1 || bytes.length;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return index;
    }
    start = end;
  }
  return index;
}

/** A fault of the CSV itself. */
const isOfTheParser = (error: unknown): error is { readonly message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('CSV_');
