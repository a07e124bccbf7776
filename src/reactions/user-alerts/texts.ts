import type { MailText } from '../../commands/login/ports.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import { written } from '../mail/written.js';
import type { Told } from './told.js';

interface Facts {
  readonly username: string;
  /** Of the key that it is about; empty where it is gone. */
  readonly keyName: string;
  /** The first page of the Portal's alerts. */
  readonly link: string;
}

const usd = (quota: number): string => `$${usdOfQuota(BigInt(quota))}`;

interface Said {
  readonly subject: string;
  readonly line: string;
}

const says = {
  zh: (told: Told, { keyName }: Facts): Said => {
    switch (told.kind) {
      case 'test':
        return { subject: '测试提醒', line: '这是一封测试提醒：提醒可以送达。' };
      case 'balance':
        return {
          subject: `余额低于 ${usd(told.below)}`,
          line: `余额为 ${usd(told.balance)}，低于设定的 ${usd(told.below)}。余额用完后调用会被拒绝。`,
        };
      case 'key':
        return {
          subject: `密钥「${keyName}」已用 ${told.percent}%`,
          line: `密钥「${keyName}」已使用 ${usd(told.used)}，限额为 ${usd(told.limit)}。`,
        };
      case 'unusual-day':
        return {
          subject: `${told.day} 的消费异常`,
          line: `${told.day} 已消费 ${usd(told.spent)}，平日约为 ${usd(told.usual)}。`,
        };
    }
  },
  en: (told: Told, { keyName }: Facts): Said => {
    switch (told.kind) {
      case 'test':
        return { subject: 'A test alert', line: 'This is a test: alerts arrive.' };
      case 'balance':
        return {
          subject: `Your balance is below ${usd(told.below)}`,
          line: `The balance is ${usd(told.balance)}, below the ${usd(told.below)} you asked to be told of. Calls are refused when it is used up.`,
        };
      case 'key':
        return {
          subject: `The key ${keyName} has used ${told.percent}% of its limit`,
          line: `The key ${keyName} has used ${usd(told.used)} of its ${usd(told.limit)}.`,
        };
      case 'unusual-day':
        return {
          subject: `Unusual spending on ${told.day}`,
          line: `${usd(told.spent)} were spent on ${told.day}; a day usually costs about ${usd(told.usual)}.`,
        };
    }
  },
} as const;

const around = {
  zh: {
    hello: (name: string) => `您好，${name}：`,
    why: '此状态结束前不再重复提醒。',
    button: '查看提醒设置',
  },
  en: {
    hello: (name: string) => `Hello ${name},`,
    why: 'You are told once, and again only after this was over.',
    button: 'Alerts',
  },
} as const;

/** What an owner is written. */
export function alertMail(told: Told, language: 'zh' | 'en', facts: Facts): MailText {
  const { subject, line } = says[language](told, facts);
  const { hello, why, button } = around[language];
  return written({
    language,
    subject,
    lines: [hello(facts.username), line, ...(told.kind === 'test' ? [] : [why])],
    button: { name: button, link: facts.link },
  });
}
