import type { MailText } from '../../commands/login/ports.js';
import { written } from '../mail/written.js';

export interface Told {
  /** `alert-raised`, `alert-resolved`, `alert-test`, or the event that it is of. */
  readonly event: string;
  readonly kind: string;
  readonly summary: string | undefined;
}

const says = {
  zh: {
    'alert-resolved': (kind: string) => `告警已结束：${kind}`,
    'alert-test': () => '测试告警',
    raised: (kind: string) => `告警：${kind}`,
    test: '这是一封测试邮件：告警可以送达。',
    over: '此状况已经结束。',
    look: '请在管理端查看。',
    button: '查看告警',
  },
  en: {
    'alert-resolved': (kind: string) => `Over: ${kind}`,
    'alert-test': () => 'A test alert',
    raised: (kind: string) => `Alert: ${kind}`,
    test: 'This is a test: alerts arrive.',
    over: 'What it was about is over.',
    look: 'Look at it in Admin.',
    button: 'Alerts',
  },
} as const;

/** In short, and in a sentence. */
export function operatorLines({ event, kind, summary }: Told, language: 'zh' | 'en') {
  const texts = says[language];
  const subject =
    event === 'alert-resolved' || event === 'alert-test' ? texts[event](kind) : texts.raised(kind);
  const line = event === 'alert-test' ? texts.test : event === 'alert-resolved' ? texts.over : summary;
  return { subject, line: line ?? texts.look };
}

/** What an operator is written of an alert. */
export function operatorMail(told: Told, language: 'zh' | 'en', link: string): MailText {
  const { subject, line } = operatorLines(told, language);
  return written({ language, subject, lines: [line], button: { name: says[language].button, link } });
}
