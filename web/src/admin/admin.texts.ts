const en = { account: 'My account' };
const zh = { account: '我的账户' } satisfies typeof en;
export const adminTexts = { en, zh };
