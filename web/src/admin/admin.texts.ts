const en = { account: 'My account', usage: 'Usage' };
const zh = { account: '我的账户', usage: '用量' } satisfies typeof en;
export const adminTexts = { en, zh };
