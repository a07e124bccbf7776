/** Payloads as Google's API sends them, of our own making, and their two framings. */
export const usage = (
  promptTokenCount: number,
  candidatesTokenCount: number,
  more: Readonly<Record<string, unknown>> & {
    thoughtsTokenCount?: number;
    toolUsePromptTokenCount?: number;
  } = {},
) => ({
  usageMetadata: {
    promptTokenCount,
    ...(candidatesTokenCount === 0 ? {} : { candidatesTokenCount }),
    totalTokenCount:
      promptTokenCount +
      candidatesTokenCount +
      (more.thoughtsTokenCount ?? 0) +
      (more.toolUsePromptTokenCount ?? 0),
    ...more,
  },
});

export const piece = (text: string, index = 0): object => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(index === 0 ? {} : { index }) }],
  modelVersion: 'gemini-test',
});

export const finish = (text: string, used: object = {}, index = 0): object => ({
  candidates: [
    {
      content: { parts: [{ text }], role: 'model' },
      finishReason: 'STOP',
      ...(index === 0 ? {} : { index }),
    },
  ],
  ...used,
  modelVersion: 'gemini-test',
});

export const OVERLOADED = {
  error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' },
};

export interface Framed {
  (payloads: readonly object[], isPretty?: boolean): string;
  /** As far as a stream has come that goes on. */
  open(payloads: readonly object[], isPretty?: boolean): string;
  read(text: string): unknown[];
}

export const asSse: Framed = Object.assign(
  (payloads: readonly object[]) =>
    payloads.map((payload) => `data: ${JSON.stringify(payload)}\r\n\r\n`).join(''),
  {
    open: (payloads: readonly object[]) => asSse(payloads),
    read: (text: string) =>
      text
        .split(/\r?\n\r?\n/)
        .filter((frame) => frame !== '')
        .map((frame) => JSON.parse(frame.replace(/^data: /, '')) as unknown),
  },
);

export const asArray: Framed = Object.assign(
  (payloads: readonly object[], isPretty = true) => `${asArray.open(payloads, isPretty)}\n]`,
  {
    open: (payloads: readonly object[], isPretty = true) =>
      payloads.length === 0
        ? ''
        : `[${payloads.map((payload) => JSON.stringify(payload, null, isPretty ? 2 : 0)).join('\n,\r\n')}`,
    read: (text: string) => JSON.parse(text) as unknown[],
  },
);
