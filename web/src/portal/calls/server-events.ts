/** The `data` of each event of a stream, as they come; ends with the stream, and with OpenAI's `[DONE]`. */
export async function* serverEvents(reply: Response): AsyncGenerator<unknown> {
  if (!reply.body) return;
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  for (;;) {
    const { value, done } = await reader.read();
    waiting += value ?? '';
    const lines = waiting.split(/\r\n|\n|\r/);
    // The last line goes on in the next piece.
    waiting = done ? '' : (lines.pop() ?? '');
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      const data = line.slice('data:'.length).trim();
      if (data === '[DONE]') return;
      yield JSON.parse(data) as unknown;
    }
    if (done) return;
  }
}
