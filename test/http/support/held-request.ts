import { request } from 'node:http';

export interface HeldRequest {
  /** Sends the body at last. */
  release(): Promise<{ readonly status: number; readonly code: string | undefined }>;
}

/** A request whose head is sent and whose body is not, yet. */
export function holdRequest(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string,
): HeldRequest {
  const sent = request(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers, 'Content-Length': Buffer.byteLength(body) },
  });
  const answered = new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, code: codeIn(text) }));
    });
  });
  answered.catch(() => undefined);
  sent.flushHeaders();
  return {
    release: () => {
      sent.end(body);
      return answered;
    },
  };
}

function codeIn(text: string): string | undefined {
  const answer = JSON.parse(text) as { code?: string; error?: { code?: string } };
  return answer.code ?? answer.error?.code;
}
