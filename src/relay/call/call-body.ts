import type { IncomingMessage } from 'node:http';
import type { BodyShare } from '../body-budget.js';
import type { AnyCallRequest } from '../dialects/call-request.js';
import type { Endpoint, FormEndpoint } from '../dialects/endpoint.js';
import type { RequestFacts } from '../dialects/request-facts.js';
import type { RelayError } from '../errors.js';
import { parseAhead } from '../dialects/json/body.js';
import { BodyScan } from '../dialects/json/scan.js';
import { FormBody } from '../multipart/form-body.js';
import type { CallServices } from './call-services.js';
import { RequestBody } from '../request-body.js';

/** A call as it was read. */
export interface ReceivedCall {
  readonly request: AnyCallRequest;
  /** What its conversation is known by: a form says nothing of one. */
  readonly body: Buffer;
}

const NO_BODY = Buffer.alloc(0);

/** The body of a call, whole in memory or, as a form, stored while the call lasts. */
export class CallBody {
  private body: RequestBody | FormBody | undefined;
  private share: BodyShare | undefined;

  constructor(
    private readonly parts: Pick<CallServices, 'bodies' | 'uploads' | 'observer' | 'settings'>,
    private readonly endpoint: Endpoint | FormEndpoint,
    private readonly incoming: IncomingMessage,
    private readonly facts: RequestFacts,
  ) {}

  /** @param tokenId of the key that calls @throws CallRefused, ClientGone */
  async receive(tokenId: number): Promise<ReceivedCall> {
    const { endpoint, incoming, facts, parts } = this;
    const { maxRequestBytes, maxUploadBytes, uploadMemoryBytes } = parts.settings;
    const share = (this.share = parts.bodies.share(tokenId));
    if (endpoint.kind === 'form') {
      // The rest of it is not in memory.
      share.take(uploadMemoryBytes);
      const form = new FormBody(incoming, parts.uploads, maxUploadBytes);
      this.body = form;
      return { request: endpoint.parse(await form.whole), body: NO_BODY };
    }
    this.body = new RequestBody(incoming, maxRequestBytes, new BodyScan(), share);
    const body = await this.body.whole;
    await parseAhead(body);
    return { request: endpoint.parse(body, facts), body };
  }

  /** A body that has not come by then is given up; a form may take longer while it comes. */
  checkDeadline(ageMs: number): void {
    const extraMs = this.body instanceof FormBody ? this.body.extraMs : 0;
    if (ageMs > this.parts.settings.bodyTimeoutMs + extraMs) this.expire({ code: 'request_timeout' });
  }

  /** It is not waited for any longer. */
  expire(refusal: RelayError): void {
    this.body?.expire(refusal);
  }

  /** The call is over. Never rejects. */
  async discard(): Promise<void> {
    this.share?.release();
    if (!(this.body instanceof FormBody)) return;
    const { observer } = this.parts;
    await this.body.discard().catch((error: unknown) => observer.fault('upload', error));
  }
}
