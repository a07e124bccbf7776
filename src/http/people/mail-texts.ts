import type { MailText, NewMail } from '../../commands/login/ports.js';
import { written } from '../../reactions/mail/written.js';
import type { Language } from './ports/person.js';

/** What people are written: one text a kind and language. `link`: a page of ours, whose button does what is said. */
export type MailKind =
  | 'verify'
  | 'invite'
  | 'address-in-use'
  | 'reset'
  | 'change'
  | 'address-changed'
  | 'password-changed'
  | 'factors-cleared'
  | 'test';

interface Facts {
  readonly username: string;
  readonly link: string;
}

interface Written {
  readonly subject: string;
  readonly lines: (facts: Facts) => readonly string[];
  /** Of the button; none where there is nothing to be done. */
  readonly button?: string;
}

const texts: Readonly<Record<MailKind, Readonly<Record<Language, Written>>>> = {
  verify: {
    zh: {
      subject: '请验证您的邮箱',
      lines: ({ username }) => [
        `您好，${username}：`,
        '请在 24 小时内打开下面的链接完成注册。',
        '如果不是您本人注册，请忽略本邮件：不点击链接就不会创建账户。',
      ],
      button: '验证邮箱',
    },
    en: {
      subject: 'Please verify your e-mail address',
      lines: ({ username }) => [
        `Hello ${username},`,
        'open the link below within 24 hours to finish your registration.',
        'If it was not you who registered, ignore this mail: without the link there will be no account.',
      ],
      button: 'Verify address',
    },
  },
  invite: {
    zh: {
      subject: '邀请您使用账户',
      lines: ({ username }) => [
        `您好，${username}：`,
        '已为您创建账户。请在 3 天内打开下面的链接设置密码，然后即可登录。',
        '如果您不认识邀请人，请忽略本邮件：没有密码，账户无法使用。',
      ],
      button: '设置密码',
    },
    en: {
      subject: 'You are invited',
      lines: ({ username }) => [
        `Hello ${username},`,
        'an account was made for you. Open the link below within 3 days to give it a password, then sign in.',
        'If you do not know who invites you, ignore this mail: without a password nobody can use the account.',
      ],
      button: 'Set your password',
    },
  },
  'address-in-use': {
    zh: {
      subject: '您的邮箱已注册',
      lines: () => [
        '有人使用此邮箱申请注册，但它已经属于一个账户。',
        '如果是您本人，请直接登录，或重置密码。',
      ],
      button: '登录',
    },
    en: {
      subject: 'You have an account already',
      lines: () => [
        'Somebody asked to register with this address, which belongs to an account already.',
        'If it was you, sign in, or reset your password.',
      ],
      button: 'Sign in',
    },
  },
  reset: {
    zh: {
      subject: '重置密码',
      lines: ({ username }) => [
        `您好，${username}：`,
        '请在 30 分钟内打开下面的链接设置新密码。所有会话都会被结束。',
        '如果不是您本人申请，请忽略本邮件：密码不会改变。',
      ],
      button: '设置新密码',
    },
    en: {
      subject: 'Reset your password',
      lines: ({ username }) => [
        `Hello ${username},`,
        'open the link below within 30 minutes to set a new password. All your sessions will end.',
        'If it was not you who asked, ignore this mail: your password stays as it is.',
      ],
      button: 'Set a new password',
    },
  },
  change: {
    zh: {
      subject: '请确认新邮箱',
      lines: ({ username }) => [
        `您好，${username}：`,
        '请在 1 小时内打开下面的链接，将账户邮箱改为此邮箱。',
        '如果不是您本人申请，请忽略本邮件：邮箱不会改变。',
      ],
      button: '确认新邮箱',
    },
    en: {
      subject: 'Confirm your new address',
      lines: ({ username }) => [
        `Hello ${username},`,
        'open the link below within an hour to make this the address of your account.',
        'If it was not you who asked, ignore this mail: the address stays as it is.',
      ],
      button: 'Confirm address',
    },
  },
  'address-changed': {
    zh: {
      subject: '您的邮箱已更改',
      lines: ({ username }) => [
        `您好，${username}：`,
        '您账户的邮箱已改为另一个地址。如果不是您本人操作，请立即联系客服。',
      ],
    },
    en: {
      subject: 'Your address was changed',
      lines: ({ username }) => [
        `Hello ${username},`,
        'your account has another e-mail address now. If it was not you, tell the operator of this service at once.',
      ],
    },
  },
  'password-changed': {
    zh: {
      subject: '您的密码已更改',
      lines: ({ username }) => [
        `您好，${username}：`,
        '您账户的密码已更改。如果不是您本人操作，请立即重置密码。',
      ],
      button: '重置密码',
    },
    en: {
      subject: 'Your password was changed',
      lines: ({ username }) => [
        `Hello ${username},`,
        'the password of your account was changed. If it was not you, reset it at once.',
      ],
      button: 'Reset password',
    },
  },
  'factors-cleared': {
    zh: {
      subject: '您的两步验证已关闭',
      lines: ({ username }) => [
        `您好，${username}：`,
        '管理员已关闭您账户的两步验证并移除通行密钥，所有会话已结束。请用密码登录，然后重新启用。',
        '如果不是您本人要求，请立即修改密码并联系客服。',
      ],
      button: '登录',
    },
    en: {
      subject: 'Two-step sign-in was turned off',
      lines: ({ username }) => [
        `Hello ${username},`,
        'an operator has turned off the two-step sign-in of your account, with its passkeys, and ended all sessions. Sign in with your password, and set it up again.',
        'If you did not ask for it, change your password at once and tell the operator of this service.',
      ],
      button: 'Sign in',
    },
  },
  test: {
    zh: { subject: '测试邮件', lines: () => ['这是一封测试邮件：邮件发送正常。'] },
    en: { subject: 'A test', lines: () => ['This is a test: mails arrive.'] },
  },
};

/** What an operator has sent to see that mails arrive. */
export const testMail = (to: string, language: Language): NewMail => ({
  kind: 'test',
  accountId: undefined,
  to,
  content: mailText('test', language, { username: '', link: '' }),
});

/** A mail in the reader's language. */
export function mailText(kind: MailKind, language: Language, facts: Facts): MailText {
  const { subject, lines, button } = texts[kind][language];
  return written({
    language,
    subject,
    lines: lines(facts),
    button: button === undefined ? undefined : { name: button, link: facts.link },
  });
}
