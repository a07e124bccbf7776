import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import type { UpstreamRequest } from '../../../channels/upstream-type.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import type { CallRequest, Endpoint, ReadAnswer } from '../../dialect.js';
import { decidingMembers } from '../../json/body.js';
import { type JsonObject, listAt } from '../../json/read.js';
import { readJsonAnswer } from '../answer.js';
import { openai } from '../dialect.js';
import { forwardJson, type JsonCall, readJsonCall } from '../json-call.js';
import { imageUsage } from './usage.js';

const TOKENS_PER_CALL = 16;

const schema = z.object({
  model: z.string().min(1).max(200),
  prompt: z.string().min(1),
  n: z.int().min(1).max(16).nullish(),
  size: z.string().min(1).max(40).nullish(),
  quality: z.string().min(1).max(40).nullish(),
  stream: z.literal(false, 'pictures are answered whole, not in pieces').nullish(),
});
const deciding = decidingMembers(schema);
type Fields = z.infer<typeof schema>;

/** `POST /v1/images/generations`: priced by picture, by tokens, or both. */
export const imageGenerations: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/images/generations',
  parse: (body) => new ImageRequest(readJsonCall<Fields>(body, schema, deciding).call),
};

class ImageRequest implements CallRequest {
  readonly streamed = false;
  readonly outputLimit = undefined;
  /** No parameter limits what a picture takes: the balance carries the worst case or the call is refused. */
  readonly leastOutput = Number.MAX_SAFE_INTEGER;
  readonly model: string;
  readonly choices: number;
  readonly promptTokens: number;
  readonly units: NonNullable<CallRequest['units']>;

  constructor(private readonly call: JsonCall<Fields>) {
    const { model, n, prompt, size, quality } = call.fields;
    this.model = model;
    this.choices = n ?? 1;
    this.promptTokens = TOKENS_PER_CALL + estimateTextTokens(prompt);
    const image = { size: chosen(size), quality: chosen(quality) };
    this.units = { images: this.choices, image, cacheWrites: 'none' };
  }

  forward(upstreamModel: string): UpstreamRequest {
    return forwardJson('/images/generations', this.call, upstreamModel, []);
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readJsonAnswer(status, body, {
      isCompletion: (payload) => listAt(payload['data']).length > 0,
      usageOf: (payload) => this.usageOf(payload),
      textOf: () => '',
    });
  }

  openStream(): undefined {
    return undefined;
  }

  promptText(): string {
    return this.call.fields.prompt;
  }

  /** Models that are priced by picture report no tokens: then they are the prompt's, from above. More pictures than asked for are not paid for. */
  private usageOf(payload: JsonObject): Usage {
    const images = Math.min(this.choices, listAt(payload['data']).length);
    return imageUsage(payload, images) ?? usageFrom({ prompt_tokens: this.promptTokens, images });
  }
}

/** `auto` and what is left out is upstream's to choose. */
const chosen = (text: string | null | undefined): string | undefined =>
  text === null || text === 'auto' ? undefined : text;
