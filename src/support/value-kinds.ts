/** What kinds of values are called to people, by the names that schemas have for them. What is not here is not named. */
const kinds: ReadonlyMap<string, { readonly zh: string; readonly en: string }> = new Map([
  ['string', { zh: '字符串', en: 'a text' }],
  ['number', { zh: '数字', en: 'a number' }],
  ['int', { zh: '整数', en: 'a whole number' }],
  ['boolean', { zh: '布尔值', en: 'true or false' }],
  ['array', { zh: '数组', en: 'a list' }],
  ['object', { zh: '对象', en: 'an object' }],
  ['record', { zh: '对象', en: 'an object' }],
]);

export const kindOfValue = (expected: string) => kinds.get(expected);
