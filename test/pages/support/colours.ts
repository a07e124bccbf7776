/**
 * Colours that were looked at in this run and are sound: how a text, its size and all grounds behind it look, in whatever theme and on
 * whatever page. Axe needs as long for the contrast of a page as for all else, and pages share nearly all of theirs.
 */
export const looked = new Set<string>();

/**
 * Answers the keys of the colours that a page shows, and keeps there which elements show each. Text above something that is not around it
 * (it is set out of the flow) may stand on anything, and gets a key that is never the same again.
 */
export const COLLECT = `(() => {
  const shown = (globalThis.shownColours = new Map());
  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const isClear = (colour) => colour === 'transparent' || /[,/] ?0\\)$/.test(colour);
  const isSolid = (colour) => !isClear(colour) && !/^rgba|\\//.test(colour);
  const groundOf = (element) => {
    const parts = [];
    let isSettled = false;
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position, filter } = styleOf(each);
      if (opacity !== '1') parts.push('o' + opacity);
      if (filter !== 'none') parts.push(filter);
      if (isSettled) continue;
      if (backgroundImage !== 'none') parts.push(backgroundImage);
      if (!isClear(backgroundColor)) parts.push(backgroundColor);
      if (isSolid(backgroundColor)) isSettled = true;
      else if (position === 'absolute' || position === 'fixed') parts.push('over anything ' + performance.now());
    }
    return parts.join('|');
  };
  const isExempt = (element) =>
    element.closest(':disabled, [aria-disabled=true]') !== null || element.closest('label')?.control?.disabled === true;
  const hasText = (element) =>
    element.matches('input, select, textarea') ||
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  for (const element of document.body.querySelectorAll('*')) {
    if (!hasText(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const { width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1) continue;
    const { color, fontSize, fontWeight, textShadow, textDecorationLine } = styleOf(element);
    const text = [color, fontSize, fontWeight, textShadow, isExempt(element)];
    // A link within a text is told from it by more than its colour.
    if (element.matches('a')) text.push(textDecorationLine, styleOf(element.parentElement).color);
    const key = [...text, groundOf(element)].join(' ');
    shown.set(key, [...(shown.get(key) ?? []), element]);
  }
  return [...shown.keys()];
})()`;
