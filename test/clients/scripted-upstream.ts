import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import { chunkFrame } from '../relay/support/event-stream.js';
import { isStreamed, speaking } from '../relay/support/speaking-upstream.js';
import { type Said, speakers } from '../relay/support/spoken-answers.js';
import {
  type Behaviour,
  startTestUpstream,
  type TestUpstream,
  type UpstreamRequestSeen,
} from '../relay/support/test-upstream.js';
import { type OfferedTool, readAsked } from './asked.js';

/** What an answer is charged at the price of these runs: 8 plain, 4 cached at a half, 5 output. */
export const CHARGE_AN_ANSWER = 15;
export const LAST_WORDS = 'All notes have been read.';
/** What the model thought at first, and how its provider signs that: base64, as all of them have it. */
const THOUGHT = 'one note after the other';
const PROOF = Buffer.from('what the model thought at first').toString('base64');

export interface ScriptedUpstream {
  /** Its origin. */
  readonly url: string;
  /** How many requests were answered with something to be paid for. */
  answered(): number;
  /** How many results had come back at the most. */
  results(): number;
  /** Of the last request with tools. */
  lastBody(): string;
  close(): Promise<void>;
}

export interface Script {
  readonly protocol: ConvertibleProtocol;
  /** As Bedrock: binary frames. */
  readonly isBedrock?: boolean;
  readonly turns: number;
  /** The file that is to be read in a turn. */
  readonly note: (turn: number) => string;
}

/** An upstream whose model reads one note after the other with whatever tool its client has, and then says that it is done. */
export async function startScriptedUpstream(script: Script): Promise<ScriptedUpstream> {
  let answered = 0;
  let results = 0;
  let last = '';
  const say = (request: UpstreamRequestSeen): Said => {
    answered += 1;
    const asked = readAsked[script.protocol](request.body);
    if (asked.tools.length === 0) return { text: 'Notes' };
    results = Math.max(results, asked.results);
    last = request.raw.toString();
    const turn = asked.results + 1;
    const tool = toolFor(asked.tools, turn);
    if (turn > script.turns || !tool) return { text: LAST_WORDS };
    return {
      ...(turn === 1 && { thought: THOUGHT, proof: PROOF }),
      ...(turn % 3 === 0 && { text: `Note ${turn} comes next.` }),
      calls: [{ id: `call_${turn}`, name: tool.name, input: inputFor(tool, script.note(turn)) }],
    };
  };
  const upstream: TestUpstream = await startTestUpstream(
    script.isBedrock ? packed(say) : speaking(script.protocol, say),
  );
  return {
    url: new URL(upstream.url).origin,
    answered: () => answered,
    results: () => results,
    lastBody: () => last,
    close: () => upstream.close(),
  };
}

/** Anthropic's events in frames of Bedrock's. */
const packed =
  (say: (request: UpstreamRequestSeen) => Said): Behaviour =>
  (response, request) => {
    const said = say(request);
    if (!request.url.endsWith('-stream') && !isStreamed(request)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(speakers.messages.whole(said)));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    for (const piece of speakers.messages.pieces(said)) {
      const data = /^data: (.*)$/m.exec(piece)?.[1];
      if (data !== undefined) response.write(chunkFrame(JSON.parse(data) as object));
    }
    response.end();
  };

/** The tools that clients read files with: of their own, of an MCP server, or a shell. */
const READERS = [
  /read_note$/,
  /^(read|read_files?)$/i,
  /^(bash|shell|shell_command|exec_command|run_shell_command|run_commands)$/i,
];

/** A client that has several uses them in turn. */
function toolFor(tools: readonly OfferedTool[], turn: number): OfferedTool | undefined {
  const readers = READERS.flatMap((name) => tools.find((tool) => name.test(tool.name)) ?? []);
  return readers[turn % readers.length];
}

function inputFor({ schema }: OfferedTool, file: string): object {
  const properties = (schema?.properties ?? {}) as Record<string, { type?: unknown }>;
  const required = (schema?.required ?? []) as string[];
  const wanted = Object.entries(properties).flatMap(([name, { type }]): (readonly [string, unknown])[] => {
    if (/^(file_?path|path|absolute_path|filePath)$/i.test(name)) return [[name, file]];
    // Cline's take several at once.
    if (name === 'files') return [[name, [{ path: file }]]];
    if (name === 'commands') return [[name, [`cat ${file}`]]];
    if (/^(command|cmd)$/.test(name))
      return [[name, String(type).toLowerCase() === 'array' ? ['cat', file] : `cat ${file}`]];
    if (!required.includes(name)) return [];
    const kind = String(type).toLowerCase();
    return [[name, kind === 'boolean' ? false : /number|integer/.test(kind) ? 1 : 'reads a note']];
  });
  return Object.fromEntries(wanted);
}
