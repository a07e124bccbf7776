/** Of a shorter piece of base64 any longer text might hold one by chance. */
const SHORTEST_CORE = 8;

/**
 * Whether a text holds a secret as it is, or so that anybody can read it again: escaped for JSON, for an address or for HTML, as hex
 * in either case and however it is set, or as base64 in either alphabet, alone or within something longer.
 */
export function holdsSecret(text: string, secret: string): boolean {
  if (secret === '') return false;
  if (text.includes(secret)) return true;
  const hex = Buffer.from(secret).toString('hex');
  const cores = base64Cores(Buffer.from(secret));
  return readings(text).some(
    (reading) =>
      reading.includes(secret) ||
      bareHex(reading).includes(hex) ||
      cores.some((core) => bareBase64(reading).includes(core)),
  );
}

/** The text as it is, and with each kind of escapes undone; a text within a text within a text is not looked for. */
function readings(text: string): readonly string[] {
  const json = withoutJsonEscapes(text);
  return [text, json, withoutPercents(json), withoutEntities(json), withoutJsonEscapes(json)];
}

const withoutJsonEscapes = (text: string): string =>
  text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, code: string | undefined, sign: string) =>
    code === undefined ? sign : String.fromCharCode(parseInt(code, 16)),
  );

/** Byte by byte: secrets are ASCII, and what is malformed elsewhere in the text must not hide one. */
const withoutPercents = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

const withoutEntities = (text: string): string =>
  text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex: string | undefined, digits: string) => {
      const code = hex === undefined ? Number(digits) : parseInt(hex, 16);
      return code <= 0xffff ? String.fromCharCode(code) : whole;
    })
    .replaceAll('&amp;', '&');

const bareHex = (text: string): string => text.toLowerCase().replace(/\\x|0x|[\s:,-]/g, '');

const bareBase64 = (text: string): string =>
  text
    .replace(/[\s=]|\\[nr]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');

/** The secret in base64 behind no, one and two other bytes, without the characters that its neighbours have a part in. */
function base64Cores(secret: Buffer): readonly string[] {
  return [0, 1, 2]
    .map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), secret]);
      const text = bytes.toString('base64').replace(/=+$/, '');
      return text.slice([0, 2, 3][before], bytes.length % 3 === 0 ? undefined : -1);
    })
    .filter((core) => core.length >= SHORTEST_CORE);
}
