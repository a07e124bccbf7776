import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import type { RequestAsks } from '../../request-members/asks.js';
import type { RequestBytes, UpstreamRequest } from '../../upstream-request.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { readWhole, serviceTierOf } from '../answer.js';
import { imageUsage } from './usage.js';

const TOKENS_PER_CALL = 16;

export const MOST_PICTURES = 16;
export const NOT_IN_PIECES = 'pictures are answered whole, not in pieces';
export const pictureWord = z.string().min(1).max(40);

/** What is asked for, in whatever form it came. */
export interface AskedPictures {
  readonly model: string;
  readonly prompt: string;
  readonly n?: number | null | undefined;
  /** What some services call that (SiliconFlow, fal). */
  readonly batch_size?: number | null | undefined;
  readonly num_images?: number | null | undefined;
  /** Doubao: the model chooses how many, at most `max_images`. */
  readonly sequential_image_generation?: string | null | undefined;
  readonly sequential_image_generation_options?:
    | { readonly max_images?: number | null | undefined }
    | null
    | undefined;
  readonly size?: string | null | undefined;
  readonly quality?: string | null | undefined;
}

/** A call that answers pictures: priced by picture, by tokens, or both. */
export class PictureRequest<Body extends RequestBytes> implements CallRequest<Body>, SpokenCall<Body> {
  readonly streamed = false;
  readonly outputLimit = undefined;
  /** No parameter limits what a picture takes: the balance carries the worst case or the call is refused. */
  readonly leastOutput = Number.MAX_SAFE_INTEGER;
  readonly model: string;
  readonly choices: number;
  readonly promptTokens: number;
  readonly units: NonNullable<CallRequest['units']>;

  /** `givenTokens` are those of pictures in the prompt, from above. */
  constructor(
    private readonly asked: AskedPictures,
    readonly asks: RequestAsks | undefined,
    givenTokens: number,
    readonly forward: (upstreamModel: string) => UpstreamRequest<Body>,
  ) {
    const { model, prompt, size, quality } = asked;
    this.model = model;
    this.choices = mostPictures(asked);
    this.promptTokens = TOKENS_PER_CALL + estimateTextTokens(prompt) + givenTokens;
    const image = { size: chosen(size), quality: chosen(quality) };
    this.units = { images: this.choices, image, cacheWrites: 'none' };
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'images' ? this : undefined;
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readWhole(status, body, {
      isCompletion: (payload) => picturesIn(payload) > 0,
      usageOf: (payload) => this.usageOf(payload),
      // Whatever is said of the tokens, the pictures are there to be counted.
      runsOf: (payload) => ({ images: this.picturesOf(payload) }),
      serviceTierOf,
      textOf: () => '',
    });
  }

  openStream(): undefined {
    return undefined;
  }

  promptText(): string {
    return this.asked.prompt;
  }

  /** Models that are priced by picture report no tokens: then they are the prompt's, from above. */
  private usageOf(payload: JsonObject): Usage {
    const images = this.picturesOf(payload);
    return imageUsage(payload, images) ?? usageFrom({ prompt_tokens: this.promptTokens, images });
  }

  /** More pictures than asked for are not paid for. */
  private picturesOf(payload: JsonObject): number {
    return Math.min(this.choices, picturesIn(payload));
  }
}

/** In a series that names no bound of its own. */
const MOST_OF_A_SERIES = 15;

/** How many a call can make. */
function mostPictures(asked: AskedPictures): number {
  const { n, batch_size, num_images, sequential_image_generation: series } = asked;
  const isSeries = typeof series === 'string' && series !== 'disabled';
  const bound = asked.sequential_image_generation_options?.max_images ?? MOST_OF_A_SERIES;
  return Math.max(n ?? 1, batch_size ?? 1, num_images ?? 1, isSeries ? bound : 1);
}

/** Some upstreams put the reason why a picture was not made in its place. */
function picturesIn(payload: JsonObject): number {
  return listAt(payload['data']).filter((entry) => !isRefusal(objectAt(entry))).length;
}

const isRefusal = (entry: JsonObject | undefined): boolean =>
  objectAt(entry?.['error']) !== undefined &&
  entry?.['url'] === undefined &&
  entry?.['b64_json'] === undefined;

/** `auto` and what is left out is upstream's to choose. */
const chosen = (text: string | null | undefined): string | undefined =>
  text === null || text === 'auto' ? undefined : text;
