import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from '../../support/address-block.js';
import { addressRanges } from '../../support/address-ranges.js';
import { isLoopback } from '../../support/loopback.js';
import { type ClientAddress, clientAddress } from './client-address.js';
import { readProxyHeader } from './proxy-protocol.js';

export interface ConnectionsSettings {
  /** Addresses and CIDR ranges of proxies whose word counts. */
  readonly trustedProxies: readonly string[];
  /** Connections that one address (of IPv6: one /64) may have open; 0: any number. */
  readonly perAddress: number;
  /** How long a proxy may take to say whose connection it is. */
  readonly headerTimeoutMs: number;
}

const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n';

type Serve = (socket: Socket) => void;

/** Whose the connections of a server are, by what trusted proxies say of them, and how many each address has open. */
export class Connections {
  private readonly isProxy: (address: string | undefined) => boolean;
  private readonly sources = new WeakMap<Socket, string>();
  private readonly open = new Map<string, number>();
  /** Those whose proxy has not spoken yet: no server knows them. */
  private readonly waiting = new Set<Socket>();

  constructor(private readonly settings: ConnectionsSettings) {
    this.isProxy = addressRanges(settings.trustedProxies);
  }

  /** Of requests on these connections. */
  readonly addressOf: ClientAddress = ({ socket, headers }) =>
    clientAddress(this.peerOf(socket), headers, this.isProxy);

  /** From now on the server gets the connections that may be open, at the first byte that is the client's. */
  guard(server: Server): void {
    const serve = server.listeners('connection') as Serve[];
    server.removeAllListeners('connection');
    const admit = (socket: Socket) => {
      if (this.count(socket)) for (const listener of serve) listener.call(server, socket);
    };
    server.on('connection', (socket: Socket) => {
      if (this.isProxy(socket.remoteAddress)) this.hear(socket, admit);
      else admit(socket);
    });
  }

  /** Breaks off those that no server knows yet. */
  close(): void {
    for (const socket of this.waiting) socket.destroy();
  }

  private peerOf(socket: Socket): string | undefined {
    return this.sources.get(socket) ?? socket.remoteAddress;
  }

  /** Reads what the proxy says of the connection, if it says anything: then it does so before everything else. */
  private hear(socket: Socket, admit: Serve): void {
    let heard: Buffer = Buffer.alloc(0);
    const giveUp = () => void socket.destroy();
    const timer = setTimeout(giveUp, this.settings.headerTimeoutMs);
    const stop = () => {
      clearTimeout(timer);
      this.waiting.delete(socket);
      socket.off('readable', listen).off('close', stop).off('error', ignore).off('end', giveUp);
    };
    const listen = () => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      heard = Buffer.concat([heard, chunk]);
      const header = readProxyHeader(heard);
      if (header.kind === 'more') return;
      stop();
      if (header.kind === 'bad') return giveUp();
      const rest = header.kind === 'none' ? heard : heard.subarray(header.length);
      if (header.kind === 'header' && header.source !== undefined) this.sources.set(socket, header.source);
      if (rest.length > 0) socket.unshift(rest);
      admit(socket);
    };
    this.waiting.add(socket);
    socket.on('readable', listen).on('close', stop).on('error', ignore).on('end', giveUp);
  }

  /** Whether the connection may stay. A proxy has those of many people, and whoever is on this machine can do worse. */
  private count(socket: Socket): boolean {
    const { perAddress } = this.settings;
    const peer = this.peerOf(socket);
    if (perAddress === 0 || this.isProxy(peer) || (peer !== undefined && isLoopback(peer))) return true;
    const block = addressBlock(peer);
    const count = this.open.get(block) ?? 0;
    if (count >= perAddress) {
      socket.on('error', ignore);
      socket.end(REFUSAL, () => socket.destroy());
      return false;
    }
    this.open.set(block, count + 1);
    socket.once('close', () => {
      const left = (this.open.get(block) ?? 1) - 1;
      if (left > 0) this.open.set(block, left);
      else this.open.delete(block);
    });
    return true;
  }
}

const ignore = () => undefined;
