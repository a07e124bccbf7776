const en = { elapsed: (time: string) => `${time} so far` };
const zh = { elapsed: (time: string) => `已用 ${time}` } satisfies typeof en;
export const elapsedTexts = { en, zh };
