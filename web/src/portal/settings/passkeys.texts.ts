const en = {
  title: 'Passkeys',
  lead: 'Sign in with the fingerprint, face or PIN of your device, without a password.',
  unavailable: 'There are no passkeys at this address, or this browser has none.',
  columns: ['Name', 'Added', 'Last used', 'After the password as well', 'Remove'],
  never: 'never',
  name: 'Name of the device',
  password: 'Current password',
  add: 'Add a passkey',
  added: 'The passkey was added.',
  remove: 'Remove',
  removed: 'The passkey was removed.',
  asks: (name: string) => `Ask for ${name} after the password as well`,
};
const zh = {
  title: '通行密钥',
  lead: '使用设备的指纹、面容或 PIN 登录，无需密码。',
  unavailable: '当前地址或浏览器不支持通行密钥。',
  columns: ['名称', '添加时间', '最近使用', '输入密码后也需要', '移除'],
  never: '从未',
  name: '设备名称',
  password: '当前密码',
  add: '添加通行密钥',
  added: '通行密钥已添加。',
  remove: '移除',
  removed: '通行密钥已移除。',
  asks: (name: string) => `输入密码后也需要 ${name}`,
} satisfies typeof en;
export const passkeyTexts = { en, zh };
