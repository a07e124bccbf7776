/**
 * Where the first member of this name with a value other than null stands; -1 where there is none. `name` is the quoted name. Content quotes
 * such words as `\"`, which does not match.
 */
export function firstMember(frames: Buffer, name: Buffer, from: number): number {
  let at = frames.indexOf(name, from);
  while (at !== -1) {
    let next = at + name.length;
    while (frames[next] === 0x20 || frames[next] === 0x3a) next++;
    if (frames[next] !== 0x6e) return at;
    at = frames.indexOf(name, next);
  }
  return -1;
}
