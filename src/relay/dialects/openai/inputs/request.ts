import type { Protocol } from '../../../../domain/channel/protocols.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { media } from '../media.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { RequestAsks } from '../../request-members/asks.js';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import type { Endpoint } from '../../endpoint.js';
import { decidingMembers, estimated } from '../../json/body.js';
import type { AnswerShape } from '../../json/answer.js';
import { readWhole, serviceTierOf } from '../answer.js';
import { openai } from '../dialect.js';
import { judgePlain } from '../members.js';
import { inputCount, inputTexts } from './estimate.js';
import { forwardJson, type JsonCall, readJsonCall } from '../../json/call.js';
import type { EndpointDocument } from '../../document.js';
import { protocolOfPath } from '../../protocols.js';

const TOKENS_PER_CALL = 16;

/** An endpoint that takes an input and answers figures, whole and in one piece: nothing in it is output. */
export interface InputEndpoint<Fields> {
  /** Below `/v1`. */
  readonly path: string;
  readonly document: EndpointDocument;
  /** With `model`; where that is optional, `defaultModel` is what upstream would take. */
  readonly schema: z.ZodObject & z.ZodType<Fields>;
  readonly defaultModel?: string;
  /** Members that hold the input. */
  readonly inputs: readonly (keyof Fields & string)[];
  /** Tokens of the input from above. @throws NestedTooDeeply */
  readonly estimate: (fields: Fields) => number;
  /** Where upstreams bill by the search: how many the input takes, and how many at the most, given its tokens. */
  readonly searches?: (fields: Fields, tokens: number) => { readonly likely: number; readonly most: number };
  readonly answer: Pick<AnswerShape, 'isCompletion' | 'isEmpty' | 'usageOf' | 'runsOf'>;
}

export function inputEndpoint<Fields extends { readonly model?: string | null | undefined }>(
  about: InputEndpoint<Fields>,
): Endpoint {
  const deciding = decidingMembers(about.schema, judgePlain.names);
  return {
    kind: 'call',
    dialect: openai,
    name: `/v1${about.path}`,
    document: about.document,
    parse(body) {
      const { call, parsed } = readJsonCall<Fields>(body, about.schema, deciding);
      const tokens = estimated(() => about.estimate(call.fields), about.inputs[0] as string);
      const asks = judgePlain.asks(parsed, call.members);
      return new InputRequest(about, call, TOKENS_PER_CALL + tokens, asks);
    },
  };
}

class InputRequest<Fields extends { readonly model?: string | null | undefined }>
  implements CallRequest, SpokenCall<Buffer>
{
  readonly model: string;
  readonly streamed = false;
  readonly choices = 1;
  readonly contexts: number;
  readonly outputLimit = 0;
  readonly likelySearches?: number;
  readonly units?: NonNullable<CallRequest['units']>;

  constructor(
    private readonly about: InputEndpoint<Fields>,
    private readonly call: JsonCall<Fields>,
    readonly promptTokens: number,
    readonly asks: RequestAsks | undefined,
  ) {
    this.contexts = about.inputs.reduce((most, name) => Math.max(most, inputCount(call.fields[name])), 1);
    this.model = call.fields.model ?? (about.defaultModel as string);
    const searches = about.searches?.(call.fields, promptTokens);
    if (!searches) return;
    this.likelySearches = searches.likely;
    this.units = { searches: searches.most };
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === protocolOfPath(this.about.path) ? this : undefined;
  }

  forward(upstreamModel: string): UpstreamRequest {
    return forwardJson(this.about.path, this.call, upstreamModel, []);
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readWhole(status, body, { ...this.about.answer, serviceTierOf, textOf: () => '' });
  }

  openStream(): undefined {
    return undefined;
  }

  promptText(): readonly string[] {
    return this.about.inputs.flatMap((member) => inputTexts(this.call.fields[member]));
  }

  promptMedia(): number {
    return estimateMedia(
      this.about.inputs.map((member) => this.call.fields[member]),
      media,
    );
  }
}
