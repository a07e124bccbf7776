import type { ChargeLine } from '../../../domain/pricing/charge.js';

/** A text in both languages of the product. */
export interface ToldText {
  readonly zh: string;
  readonly en: string;
}

interface ChargeWords extends ToldText {
  /** Else it is priced in dollars. */
  readonly isToken: boolean;
}

const tokens = (zh: string, en: string): ChargeWords => ({ zh, en, isToken: true });
const units = (zh: string, en: string): ChargeWords => ({ zh, en, isToken: false });

export const chargeWords: Readonly<Record<ChargeLine['kind'], ChargeWords>> = {
  input: tokens('个输入 token', 'input tokens'),
  cached: tokens('个缓存命中 token', 'cached input tokens'),
  cache_write: tokens('个缓存写入 token', 'tokens written to the cache'),
  cache_write_1h: tokens('个缓存写入（1 小时）token', 'tokens written to the cache for an hour'),
  audio_input: tokens('个音频输入 token', 'audio input tokens'),
  image_input: tokens('个图像输入 token', 'image input tokens'),
  output: tokens('个输出 token', 'output tokens'),
  reasoning: tokens('个推理 token', 'reasoning tokens'),
  audio_output: tokens('个音频输出 token', 'audio output tokens'),
  image_output: tokens('个图像输出 token', 'image output tokens'),
  images: units('张图像', 'images'),
  milliseconds: units('毫秒', 'milliseconds of sound'),
  characters: units('个字符', 'characters'),
  searches: units('次搜索', 'searches'),
  file_searches: units('次文件搜索', 'searches in files'),
  code_sessions: units('个代码环境', 'machines for code'),
  call: units('次调用', 'call'),
};

/** Why it cost nothing, by code; of what went wrong at an upstream only that there was no answer. */
const failures: Readonly<Record<string, ToldText>> = {
  account_suspended: { zh: '账户已被停用', en: 'the account was suspended' },
  model_not_allowed: { zh: '该密钥不能使用此模型', en: 'the key may not use this model' },
  model_not_found: { zh: '没有此模型', en: 'there is no such model' },
  no_channel: { zh: '此模型当时不可用', en: 'the model was not available' },
  invalid_request_error: { zh: '请求格式不正确', en: 'the request was malformed' },
  rate_limit_exceeded: { zh: '请求过于频繁', en: 'there were too many requests' },
  client_closed: { zh: '客户端在收到内容前断开', en: 'the client hung up before anything was delivered' },
};

const stages: Readonly<Record<string, ToldText>> = {
  refused: { zh: '请求被拒绝', en: 'the call was refused' },
  upstream: { zh: '模型没有给出回答', en: 'the model gave no answer' },
  client: { zh: '客户端中断了请求', en: 'the client ended the call' },
  internal: { zh: '服务内部错误', en: 'the service failed' },
};

export interface Failed {
  readonly stage: string;
  readonly code: string;
  readonly needed_quota: bigint | null;
  readonly available_quota: bigint | null;
}

/** `Not charged: the key may not use this model`. Which of several was short is not recorded: where there are budgets they are told of beside it. */
export function failureWords(
  { stage, code, needed_quota, available_quota }: Failed,
  hasBudgets: boolean,
): ToldText {
  const { zh, en } = reason();
  return { zh: `未收费：${zh}`, en: `Not charged: ${en}` };

  function reason(): ToldText {
    if (needed_quota !== null && available_quota !== null)
      return {
        zh: `余额${hasBudgets ? '或预算' : ''}不足：至少需要 ${needed_quota} quota，可用 ${available_quota}`,
        en: `the balance${hasBudgets ? ' or a budget' : ''} was short: at least ${needed_quota} quota were needed, ${available_quota} available`,
      };
    const known = stage === 'upstream' ? undefined : failures[code];
    return known ?? stages[stage] ?? { zh: '没有回答', en: 'there was no answer' };
  }
}
