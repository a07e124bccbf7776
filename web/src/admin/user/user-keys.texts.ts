const en = {
  title: 'Keys',
  columns: ['Key', 'State', 'Used', 'Limit', 'Expires', 'Acts'],
  states: { enabled: 'On', disabled: 'Off', revoked: 'Revoked' },
  none: 'This user has no key.',
  unlimited: 'Unlimited',
  never: 'Never',
  enable: 'Enable',
  disable: 'Disable',
  revoke: 'Revoke',
  effects: {
    enable: (name: string) => `Calls with ${name} are served again.`,
    disable: (name: string) => `The next call with ${name} is refused, until it is enabled.`,
    revoke: (name: string) => `The next call with ${name} is refused, for good.`,
  },
  done: { enable: 'The key was enabled.', disable: 'The key was disabled.', revoke: 'The key was revoked.' },
  shown: (keys: string, zone: string) => `Keys on this page: ${keys} · ${zone}`,
};
const zh = {
  title: '密钥',
  columns: ['密钥', '状态', '已用', '限额', '到期', '操作'],
  states: { enabled: '启用', disabled: '停用', revoked: '已吊销' },
  none: '该用户没有密钥。',
  unlimited: '不限',
  never: '不过期',
  enable: '启用',
  disable: '停用',
  revoke: '吊销',
  effects: {
    enable: (name: string) => `${name} 可以重新调用。`,
    disable: (name: string) => `使用 ${name} 的下一次调用会被拒绝，直到重新启用。`,
    revoke: (name: string) => `使用 ${name} 的下一次调用会被拒绝，且无法恢复。`,
  },
  done: { enable: '密钥已启用。', disable: '密钥已停用。', revoke: '密钥已吊销。' },
  shown: (keys: string, zone: string) => `本页 ${keys} 个密钥 · ${zone}`,
} satisfies typeof en;
export const userKeysTexts = { en, zh };
