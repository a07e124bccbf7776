import { operatorLines, type Told } from './operator-mail.js';

interface Room {
  readonly language: 'zh' | 'en';
  readonly body: (text: string, address: URL) => object;
}

const feishu = (text: string) => ({ msg_type: 'text', content: { text } });

/** Robots of chat rooms, which know no form but their own, by the host of their address. */
const rooms: Readonly<Record<string, Room>> = {
  // WeCom (企业微信)
  'qyapi.weixin.qq.com': {
    language: 'zh',
    body: (text) => ({ msgtype: 'text', text: { content: text } }),
  },
  'open.feishu.cn': { language: 'zh', body: feishu },
  'open.larksuite.com': { language: 'en', body: feishu },
  // `/bot<token>/sendMessage?chat_id=…`
  'api.telegram.org': {
    language: 'en',
    body: (text, { searchParams }) => ({ chat_id: searchParams.get('chat_id') ?? '', text }),
  },
};

/** What a chat room at the address is written; undefined where it is none, and gets what every webhook gets. */
export function chatBody(url: string, told: Told, link: string): object | undefined {
  const address = new URL(url);
  const room = Object.hasOwn(rooms, address.hostname) ? rooms[address.hostname] : undefined;
  if (!room) return undefined;
  const { subject, line } = operatorLines(told, room.language);
  return room.body([subject, line, link].join('\n'), address);
}
