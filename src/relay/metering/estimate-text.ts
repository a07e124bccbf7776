/** Quarters of a token for each ASCII character: letters and white space half a token, digits and signs one. */
const ASCII_QUARTERS = Uint8Array.from({ length: 128 }, (_, code) => {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  const isSpace = code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return isLetter || isSpace ? 2 : 4;
});
const TWO_BYTE_QUARTERS = 4;
const WIDE_QUARTERS = 6;

/**
 * Tokens of a text from above: one linear pass, no tokenizer (about 1 ns a character).
 *
 * The bound, measured against o200k_base and cl100k_base: prose and program code in Latin script come out at 1.3 to 2.6 times their
 * true count, Chinese, Japanese, Korean, Cyrillic, Arabic, Hindi and Thai prose at 1.1 to 3 times, and digits are counted one by one as
 * the Qwen, Llama and DeepSeek tokenizers do. What can exceed it is noise: random base64 by a fifth, random rare ideographs by
 * a half. The charge follows what upstream reports either way; the excess is recorded as overshoot.
 */
export function estimateTextTokens(text: string): number {
  let quarters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) quarters += ASCII_QUARTERS[code] as number;
    else quarters += code < 0x800 ? TWO_BYTE_QUARTERS : WIDE_QUARTERS;
  }
  return Math.ceil(quarters / 4);
}
