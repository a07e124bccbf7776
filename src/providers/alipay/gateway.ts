import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { ProviderSecrets, ProviderSettings } from '../../domain/provider/settings.js';
import { ProviderUnavailable } from '../../reactions/payments/provider.js';
import { type Ask, jsonOf } from '../asking/ask.js';
import { chinaText } from '../asking/china-time.js';
import type { Fields } from '../asking/signed-fields.js';
import { codeWord } from '../asking/code-word.js';
import { isSigned, memberText, signedRequest } from './sign.js';

export interface AlipayParts {
  readonly id: string;
  readonly revision: number;
  readonly settings: ProviderSettings<'alipay'>;
  readonly secrets: ProviderSecrets<'alipay'>;
  readonly ask: Ask;
  /** Where it notifies, and where people come back to. */
  readonly notifyUrl: string;
  readonly returnUrl: (orderId: string) => string;
  readonly now: () => Date;
}

export interface AlipayKeys {
  readonly own: KeyObject;
  readonly alipay: KeyObject;
}

export function addressOf(
  { settings: { api_url: gateway, app_id }, now }: AlipayParts,
  { own }: AlipayKeys,
  method: string,
  content: object,
  more: Fields = {},
): URL {
  const fields = {
    ...{ app_id, method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', version: '1.0' },
    ...{ timestamp: chinaText(now()), biz_content: JSON.stringify(content), ...more },
  };
  const url = new URL(gateway);
  url.search = new URLSearchParams(signedRequest(fields, own)).toString();
  return url;
}

const answer = z.looseObject({ code: codeWord, sub_code: codeWord.optional() });
const YES = '10000';
/** Nobody came to the page of the order yet: Alipay has not heard of it. */
const UNHEARD_OF = 'ACQ.TRADE_NOT_EXIST';

/** It said no, which of most questions says nothing of money. */
export class AlipayRefused extends ProviderUnavailable {
  constructor(
    said: string,
    /** Why, where that is signed. */
    readonly why: string | undefined,
  ) {
    super(`Alipay answered ${said}`);
  }
}

/** Undefined where Alipay knows of no such trade. What it says is believed under its signature alone. */
export async function asked(
  parts: AlipayParts,
  keys: AlipayKeys,
  method: string,
  content: object,
  more: Fields = {},
): Promise<object | undefined> {
  const url = addressOf(parts, keys, method, content, more);
  const { text } = await parts.ask({ method: 'GET', url, headers: {} });
  const member = memberText(text, `${method.replaceAll('.', '_')}_response`);
  const read = answer.safeParse(member === undefined ? undefined : jsonOf(member));
  if (!read.success || member === undefined)
    throw new ProviderUnavailable('Alipay did not answer as it does');
  const signature = z.looseObject({ sign: z.string() }).safeParse(jsonOf(text)).data?.sign;
  const isBelieved = isSigned(member, signature, keys.alipay);
  const { code, sub_code: why } = read.data;
  if (why === UNHEARD_OF) return undefined;
  if (code !== YES) throw new AlipayRefused(`${code} ${why ?? ''}`, isBelieved ? why : undefined);
  if (!isBelieved) throw new ProviderUnavailable('Alipay answered under another signature');
  return read.data;
}
