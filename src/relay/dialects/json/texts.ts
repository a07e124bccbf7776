/**
 * Every string in a JSON value but those under members that hold media, addresses or ids. The value has been nested within bounds:
 * the estimate has walked it.
 */
export function collectTexts(node: unknown, notText: ReadonlySet<string>, texts: string[]): void {
  if (typeof node === 'string') texts.push(node);
  else if (Array.isArray(node)) for (const element of node) collectTexts(element, notText, texts);
  else if (typeof node === 'object' && node !== null) {
    for (const [name, value] of Object.entries(node)) {
      if (!notText.has(name)) collectTexts(value, notText, texts);
    }
  }
}
