const en = {
  lead: 'Counted over all processes. Empty: no limit.',
  scopes: { global: 'All calls', user: 'Each user', key: 'Each key' },
  figures: {
    requests_per_minute: 'Requests a minute',
    tokens_per_minute: 'Tokens a minute',
    concurrent_calls: 'Calls at a time',
  },
  of: (scope: string, figure: string) => `${scope}: ${figure}`,
  groups: 'Groups',
  groupsHint: 'Of all calls in a group together.',
  twice: 'Two rows name the same group.',
  group: 'Group',
};
const zh = {
  lead: '按全部进程合计。留空表示不限。',
  scopes: { global: '全部调用', user: '每个用户', key: '每个密钥' },
  figures: {
    requests_per_minute: '每分钟请求数',
    tokens_per_minute: '每分钟 token 数',
    concurrent_calls: '并发数',
  },
  of: (scope: string, figure: string) => `${scope}：${figure}`,
  groups: '分组',
  groupsHint: '分组内全部调用合计。',
  twice: '有两行是同一个分组。',
  group: '分组',
} satisfies typeof en;
export const limitsFormTexts = { en, zh };
