/** A form as the platform writes it. */
export async function written(form: FormData): Promise<{ contentType: string; body: Buffer }> {
  const response = new Response(form);
  const contentType = response.headers.get('content-type') as string;
  return { contentType, body: Buffer.from(await response.arrayBuffer()) };
}

/** A form as the platform reads it: that of a field its text, of a file its bytes as latin1. */
export async function readByPlatform(contentType: string, body: Buffer): Promise<[string, string][]> {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const entries: [string, string][] = [];
  for (const [name, value] of form) {
    const text =
      typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()).toString('latin1');
    entries.push([name, text]);
  }
  return entries;
}

/** A form by hand, with the boundary `b`. */
export const byHand = (...parts: readonly (readonly [headers: string, content: string])[]): Buffer =>
  Buffer.from(
    [...parts.map(([headers, content]) => `--b\r\n${headers}\r\n\r\n${content}\r\n`), '--b--\r\n'].join(''),
  );

export const fieldHead = (name: string): string => `Content-Disposition: form-data; name="${name}"`;
