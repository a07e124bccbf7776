import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, Convertible, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { estimated, invalidRequest, parseBody } from '../../json/body.js';
import { type JsonEdit, type JsonMember, setMembers, topLevelMembers } from '../../json/members.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { readGenerated } from './answer.js';
import type { AnswerFormat } from '../answer-format.js';
import { type GenerationConfig, generationConfig, lowerLimit } from './generation-config.js';
import { type DecidingMembers, decidingMembers, jsonName } from '../members.js';
import { modelEdits, refuseOtherModel, upstreamPath } from '../model-name.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { media } from '../media.js';
import { estimatePrompt } from './estimate.js';
import { judgeGenerate } from './members.js';
import type { RequestAsks } from '../../request-members/asks.js';
import { promptTextOf } from './texts.js';
import { openGenerated } from './open-stream.js';
import { withoutOwnThoughts } from './own-thoughts.js';

/** The members that decide route and charge; whatever else the body holds is upstream's business. */
const DECIDING = [
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'generationConfig',
  'cachedContent',
] as const;
type DecidingName = (typeof DECIDING)[number];
type Deciding = DecidingMembers<DecidingName>;

/** With those that are judged: they may be sent once only, too. */
const ONCE = [...new Set([...DECIDING, ...judgeGenerate.names])] as readonly DecidingName[];

/** `:generateContent` and `:streamGenerateContent`. */
export class GenerateRequest implements CallRequest, SpokenCall<Buffer> {
  readonly choices: number;
  readonly outputLimit: number | undefined;
  readonly promptTokens: number;
  readonly asks: RequestAsks | undefined;
  private readonly members: readonly JsonMember[];
  private readonly deciding: Deciding;
  private readonly config: GenerationConfig;
  private otherwise: Convertible | undefined;

  /** One JSON.parse, a shallow check, one linear scan. @throws CallRefused `invalid_request` */
  constructor(
    readonly model: string,
    private readonly body: Buffer,
    private readonly format: AnswerFormat,
    readonly streamed: boolean,
    private readonly headers: IncomingHttpHeaders,
  ) {
    const parsed = parseBody(body);
    this.members = topLevelMembers(body);
    this.deciding = decidingMembers(this.members, ONCE);
    refuseOtherModel(parsed['model'], model);
    refuseUnanswerable(parsed, this.deciding);
    this.config = generationConfig(parsed, body, this.deciding.generationConfig);
    this.choices = this.config.candidateCount;
    this.outputLimit = this.config.maxOutputTokens;
    this.promptTokens = estimated(
      () => estimatePrompt([...promptValues(parsed, this.deciding), ...this.config.schemas]),
      'contents',
    );
    this.asks = judgeGenerate.asks(parsed, this.members, jsonName);
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'generate' ? this : undefined;
  }

  get convertible(): Convertible {
    return (this.otherwise ??= {
      protocol: 'generate',
      model: this.model,
      streamed: this.streamed,
      headers: this.headers,
      promptTokens: this.promptTokens,
      showsUsage: true,
      framing: this.format.framing,
      body: () => parseBody(this.body),
    });
  }

  /** What may differ: the output limit, where the body names the model as well its name at the channel, and proofs that upstream never gave. */
  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const edits: JsonEdit[] = modelEdits(this.body, this.deciding.model, this.model, upstreamModel);
    edits.push(...withoutOwnThoughts(this.body, upstreamModel));
    if (loweredLimit !== undefined) {
      const name = this.deciding.generationConfig?.name ?? 'generationConfig';
      edits.push({ name, json: lowerLimit(this.config, loweredLimit) });
    }
    return {
      path: upstreamPath(upstreamModel, this.streamed ? 'streamGenerateContent' : 'generateContent'),
      query: this.format.query,
      model: upstreamModel,
      headers: undefined,
      body: setMembers(this.body, this.members, edits),
    };
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readGenerated(status, body);
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream {
    return openGenerated(headers, this.format.framing, this.choices);
  }

  /** Parsed again, because keeping it would cost every call memory and only few need it. */
  promptText(): string {
    return promptTextOf(promptValues(parseBody(this.body), this.deciding));
  }

  promptMedia(): number {
    return estimateMedia(promptValues(parseBody(this.body), this.deciding), media);
  }
}

function promptValues(parsed: JsonObject, deciding: Deciding): readonly unknown[] {
  const { contents, systemInstruction, tools } = deciding;
  return [contents, systemInstruction, tools].map((member) => member && parsed[member.name]);
}

function refuseUnanswerable(parsed: JsonObject, { contents, cachedContent }: Deciding): void {
  const turns = contents && parsed[contents.name];
  const isList = Array.isArray(turns) && turns.length > 0 && turns.every(objectAt);
  if (!isList && !objectAt(turns)) {
    throw invalidRequest('contents must be a list of at least one content', 'contents');
  }
  // It would belong to whoever's key the channel has, and its length is not known here.
  if (cachedContent && parsed[cachedContent.name] !== null) {
    throw invalidRequest('cachedContent is not supported: send the contents themselves', 'cachedContent');
  }
}
