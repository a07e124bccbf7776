import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Messages of one call that may be on their way at once. */
const AT_ONCE = 64;

/**
 * Does not wait for each message of a call to be written before the next one is: those of a turn go out together, as a real server sends them.
 * Who reads slowly still holds the others back.
 */
class Ahead extends ServerInterceptingCall {
  private underWay = 0;
  private waiting: (() => void) | undefined;

  override sendMessage(message: unknown, callback: () => void): void {
    this.underWay += 1;
    super.sendMessage(message, () => {
      this.underWay -= 1;
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.();
    });
    if (this.underWay < AT_ONCE) callback();
    else this.waiting = callback;
  }
}

export const sendAhead: ServerInterceptor = (_method, call) => new Ahead(call);
