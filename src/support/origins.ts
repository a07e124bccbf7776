/** The origin that a text is, as browsers say it (`https://shop.example.com`, RFC 6454); undefined where it is none of http or https. */
export function originOf(text: string): string | undefined {
  const origin = originOfUrl(text);
  return origin === text || `${origin}/` === text ? origin : undefined;
}

/** The origin of an address of http or https, without a name and a password in it; undefined for any other text. */
export function originOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return undefined;
  return origin;
}
