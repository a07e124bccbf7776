import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { estimated, invalidRequest, parseBody } from '../../json/body.js';
import { type JsonMember, setMembers, topLevelMembers } from '../../json/members.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { readEmbedded } from './answer.js';
import type { AnswerFormat } from '../answer-format.js';
import { elementsOf } from '../../json/array-units.js';
import { type DecidingMembers, decidingMembers } from '../members.js';
import { modelEdits, refuseOtherModel, upstreamPath } from '../model-name.js';
import { estimatePrompt } from '../generate/estimate.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { media } from '../media.js';
import { promptTextOf } from '../generate/texts.js';

const DECIDING = ['model', 'content', 'requests'] as const;
const METHODS = { one: 'embedContent', batch: 'batchEmbedContents' } as const;
/** More are refused; Google takes 100. */
const MAX_REQUESTS = 2_048;

/** `:embedContent` and `:batchEmbedContents`. Nothing is produced that would be output. */
export class EmbedRequest implements CallRequest, SpokenCall<Buffer> {
  readonly streamed = false;
  readonly choices = 1;
  readonly outputLimit = 0;
  readonly contexts: number;
  readonly promptTokens: number;
  private readonly members: readonly JsonMember[];
  private readonly deciding: DecidingMembers<(typeof DECIDING)[number]>;

  /** @throws CallRefused `invalid_request` */
  constructor(
    readonly model: string,
    private readonly body: Buffer,
    private readonly format: AnswerFormat,
    private readonly kind: keyof typeof METHODS,
  ) {
    const parsed = parseBody(body);
    this.members = topLevelMembers(body);
    this.deciding = decidingMembers(this.members, DECIDING);
    refuseOtherModel(parsed['model'], model);
    const contents = contentsOf(parsed, kind);
    for (const request of listAt(parsed['requests'])) refuseOtherModel(objectAt(request)?.['model'], model);
    this.contexts = contents.length;
    this.promptTokens = estimated(() => contents.length + estimatePrompt(contents), kind);
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'generate' ? this : undefined;
  }

  /** What may differ: the model's name at the channel, wherever the body names the model as well. */
  forward(upstreamModel: string): UpstreamRequest {
    const edits = modelEdits(this.body, this.deciding.model, this.model, upstreamModel);
    const { requests } = this.deciding;
    if (requests && this.kind === 'batch' && upstreamModel !== this.model) {
      const list = this.body.subarray(requests.valueStart, requests.valueEnd);
      edits.push({ name: requests.name, json: this.renamed(list, upstreamModel) });
    }
    return {
      path: upstreamPath(upstreamModel, METHODS[this.kind]),
      query: this.format.query,
      model: upstreamModel,
      headers: undefined,
      body: setMembers(this.body, this.members, edits),
    };
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readEmbedded(status, body);
  }

  openStream(): undefined {
    return undefined;
  }

  promptText(): readonly string[] {
    return contentsOf(parseBody(this.body), this.kind).map((content) => promptTextOf([content]));
  }

  promptMedia(): number {
    return estimateMedia(contentsOf(parseBody(this.body), this.kind), media);
  }

  private renamed(list: Buffer, upstreamModel: string): string {
    const requests = elementsOf(list).map((request) => {
      const members = topLevelMembers(request);
      const { model } = decidingMembers(members, ['model']);
      return setMembers(request, members, modelEdits(request, model, this.model, upstreamModel)).toString();
    });
    return `[${requests.join(',')}]`;
  }
}

function contentsOf(parsed: JsonObject, kind: keyof typeof METHODS): readonly JsonObject[] {
  if (kind === 'one') return [contentOf(parsed)];
  const requests = listAt(parsed['requests']);
  if (requests.length === 0 || requests.length > MAX_REQUESTS) {
    throw invalidRequest(`requests must be a list of 1 to ${MAX_REQUESTS}`, 'requests');
  }
  return requests.map((request) => contentOf(objectAt(request) ?? {}));
}

function contentOf(request: JsonObject): JsonObject {
  const content = objectAt(request['content']);
  if (!content) throw invalidRequest('content must be an object', 'content');
  return content;
}
