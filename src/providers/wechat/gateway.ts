import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ProviderSecrets, ProviderSettings } from '../../domain/provider/settings.js';
import { ProviderUnavailable } from '../../reactions/payments/provider.js';
import { type Ask, jsonOf } from '../asking/ask.js';
import { codeWord } from '../asking/code-word.js';
import { authorizationOf, isFromWechat, type Merchant, type PlatformKey } from './sign.js';

export interface WechatParts {
  readonly id: string;
  readonly revision: number;
  readonly settings: ProviderSettings<'wechat'>;
  readonly secrets: ProviderSecrets<'wechat'>;
  readonly ask: Ask;
  /** Where it notifies. */
  readonly notifyUrl: string;
  readonly now: () => Date;
}

export interface WechatKeys {
  readonly merchant: Merchant;
  readonly platform: PlatformKey;
}

/** It said no, which of most questions says nothing of money. */
export class WechatRefused extends ProviderUnavailable {
  constructor(
    readonly status: number,
    /** Why, as it signed it. */
    readonly code: string,
  ) {
    super(`WeChat Pay answered ${status} ${code}`);
  }
}

const failure = z.object({ code: codeWord });

/** What it answers is believed under its signature alone, the noes too. Throws ProviderUnavailable. */
export async function askWechat(
  { ask, settings, now }: WechatParts,
  { merchant, platform }: WechatKeys,
  { path, content }: { readonly path: string; readonly content?: object },
): Promise<unknown> {
  const method = content ? 'POST' : 'GET';
  const body = content ? JSON.stringify(content) : '';
  const seconds = Math.floor(now().getTime() / 1_000);
  const nonce = randomBytes(16).toString('hex');
  const answer = await ask({
    method,
    url: new URL(path, settings.api_url),
    headers: {
      authorization: authorizationOf({ method, path, seconds, nonce, body }, merchant),
      accept: 'application/json',
      // Under which of its keys it is to answer.
      'wechatpay-serial': platform.serial,
      'user-agent': 'counterfoil',
      ...(content && { 'content-type': 'application/json' }),
    },
    body: content && body,
  });
  if (!isFromWechat(answer.headers, Buffer.from(answer.text), platform, now()))
    throw new ProviderUnavailable('WeChat Pay answered under another signature');
  const said = jsonOf(answer.text);
  if (answer.status >= 400)
    throw new WechatRefused(answer.status, failure.safeParse(said).data?.code ?? 'unknown');
  return said;
}

/** Undefined where it has not heard of it. */
export async function unlessUnheardOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.catch((error: unknown) => {
    if (error instanceof WechatRefused && error.status === 404) return undefined;
    throw error;
  });
}
