import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const SKEW_MS = 15 * 60_000;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** As S3 says what is wrong, with all that it tells: also what was signed, and with which key. */
export const fault = (status: number, code: string, more = ''): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  text: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message>${more}<RequestId>4442587FB7D0A2F9</RequestId></Error>`,
});

/**
 * An object store as S3 is one, in this process, with one bucket, which keeps every version. It believes what is signed with its key alone,
 * by code of its own.
 */
export class ObjectStoreServer {
  readonly key = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  readonly bucket = 'ledger-checkpoints';
  region = 'eu-central-1';
  /** All versions, the newest last. */
  readonly versions = new Map<string, string[]>();
  readonly requests: string[] = [];
  /** What is answered instead, while it is set. */
  instead: Answer | 'nothing' | undefined;
  /** Far from ours where a machine's clock is wrong. */
  aheadMs = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As a file of anchors names it. */
  get settings() {
    return {
      kind: 'object-store',
      endpoint: this.url,
      region: this.region,
      bucket: this.bucket,
      prefix: 'counterfoil/ledger',
      path_style: true,
      access_key_id: this.key.id,
      secret_access_key: this.key.secret,
      every_minutes: 0,
    };
  }

  newest(name: string): string | undefined {
    return this.versions.get(name)?.at(-1);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What it answers, whichever way it was asked. */
  respond(asked: Asked): Answer {
    const refusal = this.refusal(asked);
    if (refusal) return refusal;
    const name = this.nameOf(asked);
    if (name === undefined) return fault(404, 'NoSuchBucket');
    const versions = this.versions.get(name) ?? [];
    if (asked.method === 'GET') {
      const newest = versions.at(-1);
      return newest === undefined ? fault(404, 'NoSuchKey') : { status: 200, text: newest };
    }
    if (asked.method !== 'PUT') return fault(405, 'MethodNotAllowed');
    const digest = createHash('md5').update(asked.body).digest('base64');
    if (asked.headers['content-md5'] !== digest) return fault(400, 'BadDigest');
    if (asked.headers['if-none-match'] === '*' && versions.length > 0)
      return fault(412, 'PreconditionFailed', '<Condition>If-None-Match</Condition>');
    this.versions.set(name, [...versions, asked.body]);
    return { status: 200, headers: { etag: `"${Buffer.from(digest, 'base64').toString('hex')}"` } };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const body = await text(request);
    this.requests.push(`${method} ${path}`);
    if (this.instead === 'nothing') return;
    const answer = this.instead ?? this.respond({ method, path, headers, body });
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }

  private nameOf({ path, headers }: Asked): string | undefined {
    const isVirtual = headers.host?.startsWith(`${this.bucket}.`) === true;
    const start = isVirtual ? '/' : `/${this.bucket}/`;
    return path.startsWith(start) ? path.slice(start.length) : undefined;
  }

  private refusal(asked: Asked): Answer | undefined {
    const { headers, body } = asked;
    const said =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
        headers.authorization ?? '',
      );
    if (!said) return fault(403, 'AccessDenied');
    const [, id, day = '', region = '', names = '', signature] = said;
    if (id !== this.key.id) return fault(403, 'InvalidAccessKeyId', `<AWSAccessKeyId>${id}</AWSAccessKeyId>`);
    if (region !== this.region)
      return fault(400, 'AuthorizationHeaderMalformed', `<Region>${this.region}</Region>`);
    const at = String(headers['x-amz-date']);
    const atMs = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(atMs - Date.now() - this.aheadMs) <= SKEW_MS) || !at.startsWith(day))
      return fault(403, 'RequestTimeTooSkewed');
    const hash = createHash('sha256').update(body).digest('hex');
    if (headers['x-amz-content-sha256'] !== hash) return fault(400, 'XAmzContentSHA256Mismatch');
    const signed = names.split(';');
    const must = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
    if (must.some((name) => !signed.includes(name))) return fault(403, 'AccessDenied');
    const canonical = `${asked.method}\n${asked.path}\n\n${signed.map((name) => `${name}:${String(headers[name])}\n`).join('')}\n${names}\n${hash}`;
    const toSign = `AWS4-HMAC-SHA256\n${at}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`;
    let key: string | Buffer = `AWS4${this.key.secret}`;
    for (const step of [day, region, 's3', 'aws4_request', toSign])
      key = createHmac('sha256', key).update(step).digest();
    return Buffer.from(key).toString('hex') === signature
      ? undefined
      : fault(
          403,
          'SignatureDoesNotMatch',
          `<AWSAccessKeyId>${id}</AWSAccessKeyId><StringToSign>${toSign}</StringToSign>`,
        );
  }
}
