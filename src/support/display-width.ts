const NARROW = /^[\x20-\x7e]*$/;
/** What a terminal draws two columns wide: East Asian scripts, their punctuation and full-width forms, and emoji. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Bopomofo}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** What takes no column of its own: marks on the character before, joiners, controls. */
const NONE = /\p{M}|\p{C}/u;

/** Columns that a line of text takes in a terminal. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
