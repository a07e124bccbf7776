import { isTool, type ToolId } from './tools.ts';

/** What is connected, with which key and model, as the page's address says it. */
export interface ConnectSearch {
  readonly tool?: ToolId | undefined;
  readonly key?: number | undefined;
  readonly model?: string | undefined;
}

export const readConnectSearch = ({ tool, key, model }: Record<string, unknown>): ConnectSearch => ({
  ...(isTool(tool) && { tool }),
  ...(Number.isSafeInteger(key) && { key: key as number }),
  ...(typeof model === 'string' && model !== '' && { model }),
});
