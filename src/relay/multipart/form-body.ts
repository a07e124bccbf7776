import type { IncomingMessage } from 'node:http';
import { CallRefused, type RelayError } from '../errors.js';
import type { Readable } from 'node:stream';
import { decodedBody, UnknownCoding } from '../../support/content-coding.js';
import { ClientGone, discardRest, hasBrokenOff, refusalOfCoding, tooLarge } from '../request-body.js';
import { boundaryOf } from './boundary.js';
import { Form } from './form.js';
import { FormScanner, MalformedForm } from './form-scanner.js';
import { NoRoom, type StoredUpload, type UploadStore } from './upload-store.js';

/** A client that sends more slowly than this is not waited for beyond the time that any body has. */
const LEAST_BYTES_PER_MS = 32;

/** A client's form on its way in: its parts are found while it is stored. Bounded in size, and to be given up from outside. */
export class FormBody {
  readonly whole: Promise<Form>;
  private readonly upload: StoredUpload;
  private bytes = 0;
  /** The end of a body may come before its last piece is stored. */
  private storing: Promise<void> | undefined;
  private source: Readable | undefined;
  private settled = false;
  private resolve!: (form: Form) => void;
  private reject!: (error: Error) => void;
  private readonly onData: (chunk: Buffer) => void;

  constructor(
    private readonly request: IncomingMessage,
    store: UploadStore,
    private readonly limitBytes: number,
  ) {
    this.upload = store.begin();
    this.whole = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const contentType = request.headers['content-type'] ?? '';
    const boundary = boundaryOf(contentType);
    const scanner = new FormScanner(boundary ?? '');
    this.onData = (chunk) => this.guarded(() => this.take(chunk, scanner));
    request.on('error', () => this.fail(new ClientGone()));
    request.on('close', () => {
      if (!request.complete) this.fail(new ClientGone());
    });
    this.guarded(() => {
      if (boundary === undefined) throw noForm();
      if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
      const source = (this.source = decodedBody(request));
      source.on('data', this.onData);
      source.on('end', () => void this.complete(scanner, contentType, boundary));
      if (source !== request) source.on('error', (error) => this.fail(refusalOfCoding(error, limitBytes)));
    });
    if (hasBrokenOff(request)) this.fail(new ClientGone());
  }

  /** How much longer than any other body it may take: as long as it comes at some speed. */
  get extraMs(): number {
    return this.bytes / LEAST_BYTES_PER_MS;
  }

  /** It is not waited for any longer. */
  expire(refusal: RelayError): void {
    this.fail(new CallRefused(refusal));
  }

  /** The call is over: the form cannot be read any more. */
  discard(): Promise<void> {
    return this.upload.discard();
  }

  private take(chunk: Buffer, scanner: FormScanner): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limitBytes) throw tooLarge(this.limitBytes);
    scanner.push(chunk);
    this.storing = this.upload.append(chunk);
    if (!this.storing) return;
    this.source?.pause();
    this.storing.then(
      () => this.source?.resume(),
      (error: unknown) => this.fail(this.refusalOf(error)),
    );
  }

  private async complete(scanner: FormScanner, contentType: string, boundary: string): Promise<void> {
    await this.storing?.catch((error: unknown) => this.fail(this.refusalOf(error)));
    this.guarded(() => {
      const closingAt = scanner.end();
      const { upload, bytes: length } = this;
      this.settled = true;
      this.resolve(Form.of({ contentType, boundary, upload, parts: scanner.parts, closingAt, length }));
    });
  }

  private guarded(step: () => void): void {
    if (this.settled) return;
    try {
      step();
    } catch (error) {
      this.fail(this.refusalOf(error));
    }
  }

  private refusalOf(error: unknown): Error {
    if (error instanceof MalformedForm)
      return new CallRefused({ code: 'invalid_request', message: error.message, param: null });
    if (error instanceof UnknownCoding) return refusalOfCoding(error, this.limitBytes);
    if (error instanceof NoRoom) return new CallRefused({ code: 'overloaded', retryAfterMs: 5_000 });
    return error as Error;
  }

  private fail(error: Error): void {
    if (this.settled) return;
    this.settled = true;
    this.source?.off('data', this.onData);
    if (this.source && this.source !== this.request) this.source.destroy();
    if (!this.request.complete) discardRest(this.request);
    this.reject(error);
  }
}

function noForm(): CallRefused {
  const message = 'The body must be multipart/form-data, with its boundary in the content-type.';
  return new CallRefused({ code: 'invalid_request', message, param: null });
}
