const en = {
  cools: (name: string, part?: string) =>
    part === undefined ? `${name} is cooling` : `${name} is cooling: ${part}`,
  named: (name: string, part?: string) => (part === undefined ? name : `${name}: ${part}`),
  model: (model: string) => model,
  key: (key: string) => `key ${key}`,
  keyModel: (key: string, model: string) => `${model} by key ${key}`,
  untilTried: 'until a call tries it again',
  why: 'Why',
  failures: 'Failures in a row',
  lately: 'Lately',
  tryNow: 'Try it now',
  tryTitle: 'Try a channel',
  channel: 'Channel',
  triesEnds: 'An answer ends a cooldown at once.',
};
const zh = {
  cools: (name: string, part?: string) => (part === undefined ? `${name} 冷却中` : `${name} 冷却中：${part}`),
  named: (name: string, part?: string) => (part === undefined ? name : `${name}：${part}`),
  model: (model: string) => model,
  key: (key: string) => `密钥 ${key}`,
  keyModel: (key: string, model: string) => `${model}，密钥 ${key}`,
  untilTried: '后由一次调用重新尝试',
  why: '原因',
  failures: '连续失败',
  lately: '近况',
  tryNow: '立即尝试',
  tryTitle: '试用渠道',
  channel: '渠道',
  triesEnds: '一次成功应答立即结束冷却。',
} satisfies typeof en;
export const coolingTexts = { en, zh };
