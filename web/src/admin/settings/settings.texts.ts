/** Settings and members that have no words here are shown by their names. */
type Words = Readonly<Partial<Record<string, string>>>;

const en = {
  title: 'Settings',
  lead: 'What can be changed while the service runs. A change holds at once, elsewhere within a second.',
  value: 'In force',
  default: 'By default',
  changed: 'Changed',
  never: 'never',
  yes: 'yes',
  no: 'no',
  nothing: 'none',
  edit: 'Change',
  save: 'Save',
  reset: 'Back to the default',
  editEffect: 'It holds at once, without a restart, and is recorded with your name.',
  resetEffect: (value: string) => `In force then: ${value}.`,
  done: 'The setting was changed.',
  json: 'Value, as JSON',
  notJson: 'This is not JSON.',
  policies: {
    clamp: 'clamp: shorten the answer to what the balance pays for',
    reject: 'reject: refuse the call where the balance is too low',
  },
  names: {
    limits: 'Limits',
    hold_policy: 'When a balance is short',
    registration: 'Registration',
    sign_in: 'Sign-in',
    payments: 'Payments',
  } as Words,
  told: {
    limits: 'How many requests, tokens and calls at a time there may be: of all, a user, a key, a group.',
    hold_policy: 'What becomes of a call that may cost more than the user has.',
    registration: 'Whether people may register in the Portal, and must confirm their e-mail.',
    sign_in: 'Who may sign in to the Portal.',
    payments: 'What people can pay in, and what it buys: rates, presets, limits, bank transfers.',
  } as Words,
  members: {
    open: 'Open to anybody',
    verify_email: 'E-mail must be confirmed',
    synced_users: 'Users of a front end may set a password',
    global: 'Of all',
    user: 'A user',
    key: 'A key',
    groups: 'Groups',
  } as Words,
  hints: {
    limits:
      'global, user, key and groups.<name>, each with requests_per_minute, tokens_per_minute, concurrent_calls.',
    payments:
      'currencies.<code> with rate, presets, min, max, tiers and fee; preset_basis, open_most, hourly_most, bank. See docs/payments.md.',
  } as Words,
};
const zh = {
  title: '设置',
  lead: '服务运行时可以更改的设置。更改立即生效，其他进程约一秒内生效。',
  value: '当前值',
  default: '默认值',
  changed: '更改',
  never: '从未',
  yes: '是',
  no: '否',
  nothing: '无',
  edit: '更改',
  save: '保存',
  reset: '恢复默认',
  editEffect: '立即生效，无需重启，并记录操作人。',
  resetEffect: (value: string) => `恢复后：${value}。`,
  done: '设置已更改。',
  json: '值（JSON）',
  notJson: '内容不是 JSON。',
  policies: {
    clamp: 'clamp：按余额缩短回答',
    reject: 'reject：余额不足时拒绝调用',
  },
  names: {
    limits: '限流',
    hold_policy: '余额不足时',
    registration: '注册',
    sign_in: '登录',
    payments: '充值',
  } as Words,
  told: {
    limits: '全部、每个用户、每个密钥、每个分组的请求数、token 数和并发数。',
    hold_policy: '调用可能超过余额时如何处理。',
    registration: '是否可在用户中心注册，是否须验证邮箱。',
    sign_in: '谁可以登录用户中心。',
    payments: '充值的币种、汇率、预设金额、限额和银行转账。',
  } as Words,
  members: {
    open: '对所有人开放',
    verify_email: '须验证邮箱',
    synced_users: '前端用户可设置密码',
    global: '全部',
    user: '每个用户',
    key: '每个密钥',
    groups: '分组',
  } as Words,
  hints: {
    limits:
      'global、user、key 和 groups.<名称>，各含 requests_per_minute、tokens_per_minute、concurrent_calls。',
    payments:
      'currencies.<币种> 含 rate、presets、min、max、tiers 和 fee；另有 preset_basis、open_most、hourly_most、bank。见 docs/payments.md。',
  } as Words,
} satisfies typeof en;
export const settingsTexts = { en, zh };
