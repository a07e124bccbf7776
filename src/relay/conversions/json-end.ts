/** Whether JSON text of an object, which comes in pieces, has come to its end: by its braces, without parsing it. */
export class JsonEnd {
  ended = false;
  private depth = 0;
  private inText = false;
  private escaped = false;

  see(piece: string): void {
    for (let at = 0; at < piece.length && !this.ended; at++) this.character(piece.charCodeAt(at));
  }

  private character(code: number): void {
    if (this.inText) {
      if (this.escaped) this.escaped = false;
      else if (code === 0x5c) this.escaped = true;
      else if (code === 0x22) this.inText = false;
    } else if (code === 0x22) this.inText = true;
    else if (code === 0x7b || code === 0x5b) this.depth++;
    else if (code === 0x7d || code === 0x5d) {
      this.depth--;
      this.ended = this.depth <= 0;
    }
  }
}
