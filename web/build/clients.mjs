// Reads from docs/clients.md what Connect shows: the texts whose fence has a word after `connect=`.
const FENCE = /^```(\w+) (connect=[^\n]+)\n([\s\S]*?)\n```$/gm;

/**
 * @param {string} page docs/clients.md
 * @returns name -> its texts in their order: language, text, and which models in it stand for the one that is chosen
 */
export function clientTexts(page) {
  const texts = {};
  for (const [, language, words, text] of page.matchAll(FENCE)) {
    const { connect, model, ...rest } = Object.fromEntries(words.split(' ').map((word) => word.split('=')));
    (texts[connect] ??= []).push({ language, ...rest, models: model?.split(',') ?? [], text });
  }
  return texts;
}
