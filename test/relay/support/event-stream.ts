import { crc32 } from 'node:zlib';

const sized = (length: number, value: number) => {
  const bytes = Buffer.alloc(length);
  if (length === 2) bytes.writeUInt16BE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
};

/** A message of an AWS event stream, as Bedrock writes it. */
export function eventFrame(headers: Readonly<Record<string, string>>, payload: string | Buffer): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.of(Buffer.byteLength(name)),
      Buffer.from(name),
      Buffer.of(7),
      sized(2, Buffer.byteLength(value)),
      Buffer.from(value),
    ]),
  );
  const body = Buffer.from(payload);
  const lengths = Buffer.concat([sized(4, 16 + head.length + body.length), sized(4, head.length)]);
  const message = Buffer.concat([lengths, sized(4, crc32(lengths)), head, body]);
  return Buffer.concat([message, sized(4, crc32(message))]);
}

/** One event of Anthropic's in a chunk. */
export const chunkFrame = (event: object): Buffer =>
  eventFrame(
    { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abcdefgh' }),
  );

export const exceptionFrame = (type: string, message: string): Buffer =>
  eventFrame(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify({ message }),
  );
