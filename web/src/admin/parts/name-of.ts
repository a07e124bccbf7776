/** `root` of `operator:root`: among operators nobody needs to be told that they are. */
export const nameOf = (by: string): string => by.replace(/^operator:/, '');
